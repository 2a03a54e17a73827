package dev.mooring.fs;

/**
 * What statvfs(3) shows of the file system.
 *
 * @param blockSize in bytes; the block counts are in this unit
 * @param freeBlocks free to root
 * @param availableBlocks free to others
 * @param maxNameBytes the longest name
 */
public record Statistics(
    long blockSize,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long files,
    long freeFiles,
    int maxNameBytes,
    boolean readOnly) {}
