package dev.mooring.sftp;

import org.jspecify.annotations.Nullable;

/**
 * ATTRS of version 3, both ways: null is a field that is absent. The wire pairs uid with gid and
 * atime with mtime; so does this.
 *
 * @param size in bytes
 * @param mode the whole {@code st_mode}, type included where the server sends it
 * @param times whole seconds
 */
public record RemoteAttributes(
    @Nullable Long size, @Nullable Owner owner, @Nullable Integer mode, @Nullable Times times) {

  /** Numeric owner, each an unsigned 32-bit number. */
  public record Owner(int uid, int gid) {}

  /** Seconds since the epoch, each an unsigned 32-bit number on the wire (0 to 4294967295). */
  public record Times(long accessedSeconds, long modifiedSeconds) {
    /** The latest time that version 3 can carry, in the year 2106. */
    public static final long MAX_SECONDS = 0xffffffffL;
  }

  /** No field at all. */
  public static final RemoteAttributes NONE = new RemoteAttributes(null, null, null, null);

  /** Only a mode. */
  public static RemoteAttributes ofMode(int mode) {
    return new RemoteAttributes(null, null, mode, null);
  }

  /** Only a size. */
  public static RemoteAttributes ofSize(long size) {
    return new RemoteAttributes(size, null, null, null);
  }
}
