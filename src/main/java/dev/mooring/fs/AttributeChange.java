package dev.mooring.fs;

import org.jspecify.annotations.Nullable;

/**
 * What one setattr changes, all in one call: null, or {@link TimeChange.Keep}, leaves a value as it
 * is.
 *
 * @param permissions the low twelve bits of the mode
 * @param size truncates or extends
 */
public record AttributeChange(
    @Nullable Integer permissions,
    @Nullable Integer uid,
    @Nullable Integer gid,
    @Nullable Long size,
    TimeChange accessed,
    TimeChange modified) {

  /** What becomes of one of the two times (UTIME_OMIT, a value, UTIME_NOW of utimensat(2)). */
  public sealed interface TimeChange {
    /** Leave it. */
    record Keep() implements TimeChange {}

    /** Set it to this instant, in seconds since the epoch; negative before 1970. */
    record Set(long seconds) implements TimeChange {}

    /** Set it to the server's present time. */
    record Now() implements TimeChange {}
  }

  private static final TimeChange KEEP = new TimeChange.Keep();

  /** Changes nothing. */
  public static final AttributeChange NONE =
      new AttributeChange(null, null, null, null, KEEP, KEEP);

  /** chmod(2). */
  public static AttributeChange ofPermissions(int permissions) {
    return new AttributeChange(permissions, null, null, null, KEEP, KEEP);
  }

  /** chown(2); null keeps one of the two. */
  public static AttributeChange ofOwner(@Nullable Integer uid, @Nullable Integer gid) {
    return new AttributeChange(null, uid, gid, null, KEEP, KEEP);
  }

  /** truncate(2). */
  public static AttributeChange ofSize(long size) {
    return new AttributeChange(null, null, null, size, KEEP, KEEP);
  }

  /** utimensat(2). */
  public static AttributeChange ofTimes(TimeChange accessed, TimeChange modified) {
    return new AttributeChange(null, null, null, null, accessed, modified);
  }

  /** Whether neither time is touched. */
  public boolean keepsTimes() {
    return accessed instanceof TimeChange.Keep && modified instanceof TimeChange.Keep;
  }

  /** Whether owner and group are left alone. */
  public boolean keepsOwner() {
    return uid == null && gid == null;
  }
}
