package dev.mooring.sftp;

import java.time.Duration;

/**
 * What a round trip takes when nothing is in its way: the shortest that was seen lately. Only
 * requests that were alone on their channel count. Measured on one thread; anybody may look.
 */
final class RoundTrip {
  private static final long REMEMBERED_NANOS = Duration.ofSeconds(10).toNanos();

  private volatile long nanos = -1;

  /** When that one was seen; only for the thread that measures. */
  private long seenNanos;

  void measured(long took, long nowNanos) {
    if (nanos < 0 || took <= nanos || nowNanos - seenNanos > REMEMBERED_NANOS) {
      nanos = took;
      seenNanos = nowNanos;
    }
  }

  /** In nanoseconds; -1 before there was one. */
  long nanos() {
    return nanos;
  }
}
