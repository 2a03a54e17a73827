package dev.mooring.fs;

/**
 * What stat(2) shows of a node. Times are whole seconds since the epoch, for SFTP carries no more.
 *
 * @param inode never the same for two live nodes
 * @param permissions the low twelve bits of {@code st_mode}
 * @param links {@code st_nlink}; 0 for a file that is open and has no name any more
 * @param size in bytes, pending writes included
 */
public record Attributes(
    long inode,
    FileType type,
    int permissions,
    int links,
    int uid,
    int gid,
    long size,
    long accessedSeconds,
    long modifiedSeconds,
    long changedSeconds) {

  /** The bits that {@link #permissions} may have. */
  public static final int PERMISSION_BITS = 07777;

  public Attributes {
    if ((permissions & ~PERMISSION_BITS) != 0 || size < 0 || links < 0) {
      throw new IllegalArgumentException(
          "permissions %o, size %d, links %d".formatted(permissions, size, links));
    }
  }

  /** {@code st_mode}: type and permissions. */
  public int mode() {
    return type.formatBits() | permissions;
  }

  /** {@code st_blocks}: units of 512 bytes, rounded up to whole pages of 4 KiB. */
  public long blocks() {
    return (size + 4095) / 4096 * 8;
  }
}
