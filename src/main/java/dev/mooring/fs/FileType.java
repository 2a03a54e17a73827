package dev.mooring.fs;

/** What kind of thing a node is, with the format bits of {@code st_mode} (inode(7)). */
public enum FileType {
  REGULAR(0100000),
  DIRECTORY(0040000),
  SYMLINK(0120000),
  FIFO(0010000),
  SOCKET(0140000),
  CHARACTER_DEVICE(0020000),
  BLOCK_DEVICE(0060000);

  private static final int FORMAT_MASK = 0170000;

  private final int formatBits;

  FileType(int formatBits) {
    this.formatBits = formatBits;
  }

  /** The S_IFMT bits of {@code st_mode}. */
  public int formatBits() {
    return formatBits;
  }

  /** The type in a whole {@code st_mode}; a mode without format bits is a regular file. */
  public static FileType ofMode(int mode) {
    return switch (mode & FORMAT_MASK) {
      case 0040000 -> DIRECTORY;
      case 0120000 -> SYMLINK;
      case 0010000 -> FIFO;
      case 0140000 -> SOCKET;
      case 0020000 -> CHARACTER_DEVICE;
      case 0060000 -> BLOCK_DEVICE;
      default -> REGULAR;
    };
  }
}
