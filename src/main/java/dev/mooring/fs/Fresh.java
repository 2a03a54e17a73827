package dev.mooring.fs;

/**
 * An answer and how long it may be believed.
 *
 * @param trueUntilNanos an instant of {@link Pace#nanoTime}: when it is past, the answer must be
 *     asked for again. It is counted from when the answer was true, never from when it is passed
 *     on, so handing an answer from cache to cache does not make it live longer.
 */
public record Fresh<T>(T value, long trueUntilNanos) {

  /** What is left of the lifetime at {@code nowNanos}, not below 0. */
  public long remainingNanos(long nowNanos) {
    return Math.max(0, trueUntilNanos - nowNanos);
  }
}
