package dev.mooring.fs;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Time, threads and waiting, injected: the clock, where background work runs, and the only place
 * where anything waits. In production this is {@link SystemPace}; tests step time by hand and count
 * round trips.
 *
 * <p>Thread-safe.
 */
public interface Pace extends Executor {

  /** A monotonic clock in nanoseconds, as {@link System#nanoTime}: compare by difference only. */
  long nanoTime();

  /** This machine's wall clock, in seconds since the epoch. Only for times that are stored. */
  long epochSeconds();

  /** Runs a task in the background on a thread of its own that may wait. Never waits itself. */
  @Override
  void execute(Runnable task);

  /** Runs a task in the background, as {@link #execute}, after a delay. */
  Timer schedule(Duration delay, Runnable task);

  /**
   * Returns when the future is done, with a value or with an exception; what it holds is for the
   * caller of this to ask.
   *
   * @throws WouldWait when it is not done and {@code caller} may not wait
   * @throws ErrnoException EINTR when the call was cancelled, ETIMEDOUT when its deadline passed;
   *     the future goes on in both cases
   */
  void await(CompletableFuture<?> future, Caller caller) throws ErrnoException;

  /** A task that has been put off. */
  interface Timer {
    /** Takes it back; if it has already started, it goes on. */
    void cancel();
  }
}
