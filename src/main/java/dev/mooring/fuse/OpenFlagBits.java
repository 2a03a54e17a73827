package dev.mooring.fuse;

import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.OpenFlags.Access;

/**
 * Linux's O_ bits of open(2) in the words of {@link OpenFlags}. Most are the same everywhere
 * ({@code asm-generic/fcntl.h}); of those that aarch64 numbers in its own way, only O_DIRECT
 * matters here.
 */
public final class OpenFlagBits {
  private static final int ACCESS_MODE = 3;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_EXCL = 0200;
  private static final int O_TRUNC = 01000;
  private static final int O_APPEND = 02000;
  private static final int O_DSYNC = 010000;

  private static final String THIS_MACHINE = System.getProperty("os.arch", "");

  private OpenFlagBits() {}

  /** The flags of an open or create request; O_SYNC contains the bit of O_DSYNC. */
  public static OpenFlags decode(int bits) {
    return decode(bits, THIS_MACHINE);
  }

  /** The same on another machine, named as the property {@code os.arch} does. */
  static OpenFlags decode(int bits, String architecture) {
    Access access =
        switch (bits & ACCESS_MODE) {
          case O_WRONLY -> Access.WRITE;
          case O_RDWR -> Access.READ_WRITE;
          default -> Access.READ;
        };
    return new OpenFlags(
        access,
        (bits & O_APPEND) != 0,
        (bits & O_TRUNC) != 0,
        (bits & O_EXCL) != 0,
        (bits & direct(architecture)) != 0,
        (bits & O_DSYNC) != 0);
  }

  private static int direct(String architecture) {
    return architecture.equals("aarch64") ? 0200000 : 040000;
  }
}
