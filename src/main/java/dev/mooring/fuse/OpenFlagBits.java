package dev.mooring.fuse;

import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.OpenFlags.Access;

/** Linux's O_ bits of open(2) in the words of {@link OpenFlags}. */
public final class OpenFlagBits {
  private static final int ACCESS_MODE = 3;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_EXCL = 0200;
  private static final int O_TRUNC = 01000;
  private static final int O_APPEND = 02000;
  private static final int O_DSYNC = 010000;
  // The one bit in which the two architectures differ that matters here.
  private static final int O_DIRECT =
      System.getProperty("os.arch", "").equals("aarch64") ? 0200000 : 040000;

  private OpenFlagBits() {}

  /** The flags of an open or create request; O_SYNC contains the bit of O_DSYNC. */
  public static OpenFlags decode(int bits) {
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
        (bits & O_DIRECT) != 0,
        (bits & O_DSYNC) != 0);
  }
}
