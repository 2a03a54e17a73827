package dev.mooring.sftp;

import java.time.Duration;

/**
 * How much file data one channel carries in one direction while a round trip lasts: the rate of the
 * best reply of the last second, each counted from its sending, so that gaps between transfers do
 * not count. Replies come on one thread; anybody may look.
 */
final class Flow {
  private static final long REMEMBERED_NANOS = Duration.ofSeconds(1).toNanos();

  private volatile long carried;
  private volatile double bytesPerNano;

  /** When that rate was seen; only for the thread of the replies. */
  private long seenNanos;

  /** How many bytes have been carried so far. */
  long carried() {
    return carried;
  }

  /**
   * A reply is here.
   *
   * @param carriedThen what {@link #carried} was when its request was sent
   */
  void arrived(int bytes, long sentNanos, long carriedThen, long nowNanos) {
    long now = carried + bytes;
    carried = now;
    double rate = (now - carriedThen) / (double) Math.max(1, nowNanos - sentNanos);
    if (rate >= bytesPerNano || nowNanos - seenNanos > REMEMBERED_NANOS) {
      bytesPerNano = rate;
      seenNanos = nowNanos;
    }
  }

  /** Bytes in so much time. */
  long bytesIn(long nanos) {
    return (long) (bytesPerNano * nanos);
  }
}
