package dev.mooring.fuse.kernel.protocol;

/** The features that are negotiated, where the kernel has them ({@code FUSE_...} of INIT). */
public enum InitFlag {
  /** Several reads of one file at a time. */
  ASYNC_READ(0),
  /** O_TRUNC comes with OPEN, not as a SETATTR after it. */
  ATOMIC_O_TRUNC(3),
  /** Writes larger than a page. */
  BIG_WRITES(5),
  /** The umask is not taken out before: {@code fs} does it. */
  DONT_MASK(6),
  /** Pages go when GETATTR shows another size or time: nothing stale outlives its attributes. */
  AUTO_INVAL_DATA(12),
  /** Directories are read with their attributes. */
  DO_READDIRPLUS(13),
  /** ... when somebody looks at those. */
  READDIRPLUS_AUTO(14),
  /** Direct reads and writes are split into parallel requests. */
  ASYNC_DIO(15),
  /** Lookups and reads of one directory at a time. */
  PARALLEL_DIROPS(18),
  /** After an abort the device answers ECONNABORTED, not ENODEV. */
  ABORT_ERROR(21),
  /** Requests larger than 128 KiB. */
  MAX_PAGES(22),
  /** INIT has a second word of flags. */
  INIT_EXT(30),
  /** Files open for direct I/O may be mapped shared, which databases do. */
  DIRECT_IO_ALLOW_MMAP(36);

  private final long bit;

  InitFlag(int shift) {
    this.bit = 1L << shift;
  }

  /** Its bit, those of the second word shifted up by 32. */
  public long bit() {
    return bit;
  }

  /** Whether it is among {@code flags}. */
  public boolean in(long flags) {
    return (flags & bit) != 0;
  }

  /** All of them. */
  public static long all() {
    long flags = 0;
    for (InitFlag flag : values()) {
      flags |= flag.bit;
    }
    return flags;
  }
}
