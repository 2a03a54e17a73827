package dev.mooring.fs;

/**
 * An open directory: a snapshot of its entries, taken when they are first wanted. {@code .} and
 * {@code ..} are not among them; the bindings add those. Thread-safe.
 */
public interface Directory {
  /**
   * Offers entries from {@code cookie} on until the sink is full or there are no more.
   *
   * @param cookie 0 for the beginning, which takes a new snapshot, or a {@code nextCookie} that
   *     this open directory handed out; cookies stay valid while entries are unlinked
   * @param plus whether whole entries are wanted (READDIRPLUS)
   */
  void read(long cookie, boolean plus, EntrySink sink, Caller caller) throws ErrnoException;

  /** Closes it. Never waits, never fails. */
  void release();
}
