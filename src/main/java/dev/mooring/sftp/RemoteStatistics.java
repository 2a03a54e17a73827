package dev.mooring.sftp;

/** The reply of statvfs@openssh.com and fstatvfs@openssh.com, field by field. */
public record RemoteStatistics(
    long blockSize,
    long fragmentSize,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long files,
    long freeFiles,
    long availableFiles,
    long fileSystemId,
    long flags,
    long maxNameBytes) {
  /** Bit of {@link #flags}: the file system is read-only. */
  public static final long READ_ONLY = 0x1;
}
