package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fuse.FuseOptions.Tuning;

/**
 * What both sides of a connection hold to ({@code struct fuse_init_out}): the features that the
 * kernel offers and that are wanted here.
 *
 * @param flags {@link InitFlag} bits
 * @param tuning how much may be under way
 */
public record Negotiation(int major, int minor, long flags, Tuning tuning) {
  /** The protocol's major version. */
  public static final int MAJOR = 7;

  /** The newest minor version whose requests are known here. */
  public static final int NEWEST_MINOR = 45;

  /** The oldest: the reply to INIT has had its present length since Linux 3.15. */
  public static final int OLDEST_MINOR = 23;

  /** The largest read and write, in bytes. */
  public static final int MAX_TRANSFER = 1 << 20;

  /** In pages of 4 KiB, the kernel's own bound for one request. */
  static final int MAX_PAGES = 256;

  /** How far the kernel may read ahead; what it does is bounded by the mount's own setting. */
  static final int MAX_READAHEAD = 4 << 20;

  /** SFTP carries whole seconds; the kernel cuts what processes set to that. */
  static final int TIME_GRANULARITY_NANOS = 1_000_000_000;

  /**
   * What to answer a kernel, without tuning. See {@link #with(Request.Init, Tuning)}.
   *
   * @throws ErrnoException EPROTO when it is too old
   */
  public static Negotiation with(Request.Init init) throws ErrnoException {
    return with(init, Tuning.DEFAULT);
  }

  /**
   * What to answer a kernel. When its major version is newer, the answer holds nothing but ours,
   * and the kernel asks again with that.
   *
   * @throws ErrnoException EPROTO when it is too old
   */
  public static Negotiation with(Request.Init init, Tuning tuning) throws ErrnoException {
    if (init.major() < MAJOR || (init.major() == MAJOR && init.minor() < OLDEST_MINOR)) {
      throw new ErrnoException(
          Errno.EPROTO,
          "the kernel speaks FUSE %d.%d, at least %d.%d is needed (Linux 3.15)"
              .formatted(init.major(), init.minor(), MAJOR, OLDEST_MINOR));
    }
    int minor = init.major() == MAJOR ? Math.min(init.minor(), NEWEST_MINOR) : NEWEST_MINOR;
    return new Negotiation(MAJOR, minor, init.flags() & InitFlag.all(), tuning);
  }

  /** How far the kernel may read ahead. */
  int readAheadBytes() {
    Integer chosen = tuning.readAheadBytes();
    return chosen == null ? MAX_READAHEAD : chosen;
  }

  /** Whether requests may follow, and not another INIT. */
  public boolean settles(Request.Init init) {
    return init.major() == MAJOR;
  }
}
