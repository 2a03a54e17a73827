package dev.mooring.fuse;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a mount is made.
 *
 * @param source what mount(8) and df(1) show as the device
 * @param readOnly MS_RDONLY
 * @param noExec MS_NOEXEC
 * @param noAccessTime MS_NOATIME
 * @param allowOther other users than the one that mounts may use it
 * @param defaultPermissions the kernel checks permission bits itself
 * @param directIo no page cache for any file
 * @param tuning what few need to change
 * @param requestTimeout how long one request of the kernel may take: the deadline of its caller
 */
public record FuseOptions(
    String source,
    boolean readOnly,
    boolean noExec,
    boolean noAccessTime,
    boolean allowOther,
    boolean defaultPermissions,
    boolean directIo,
    Tuning tuning,
    Duration requestTimeout) {

  /**
   * What few need to change.
   *
   * @param readAheadBytes how far the kernel reads ahead; null for the binding's own
   * @param background how many reads ahead and the like may be under way
   * @param congestion from how many on the kernel holds back
   * @param keepPages whether pages are kept at an open whatever happened to the file
   */
  public record Tuning(
      @Nullable Integer readAheadBytes, int background, int congestion, boolean keepPages) {
    /** 64 under way, held back from 48 on. */
    public static final Tuning DEFAULT = new Tuning(null, 64, 48, false);
  }

  /** The file-system type that the kernel shows: {@code fuse.sshfs}, which df and updatedb know. */
  public static final String SUBTYPE = "sshfs";

  /** Longer than any machine runs. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  /** Readable and writable for everybody, 30 s for a request. */
  public static FuseOptions of(String source) {
    return new FuseOptions(
        source, false, false, false, true, false, false, Tuning.DEFAULT, Duration.ofSeconds(30));
  }

  /** What the kernel keeps of files. */
  public PageCache pages() {
    return directIo ? PageCache.NONE : tuning.keepPages() ? PageCache.KEPT : PageCache.CHECKED;
  }

  /** The same where a request may take as long as it wants. */
  public FuseOptions waitingForEver() {
    return new FuseOptions(
        source,
        readOnly,
        noExec,
        noAccessTime,
        allowOther,
        defaultPermissions,
        directIo,
        tuning,
        FOR_EVER);
  }
}
