package dev.mooring.fs;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Says that nobody waits for a call any more: the kernel interrupted it, or its process died. A
 * token and not {@link Thread#interrupt}, which would close the connection that all volumes share
 * if it hit a thread inside a socket.
 *
 * <p>A call waits at one place at a time, so there is room for one action.
 */
public final class Cancellation {
  private static final Runnable NOTHING = () -> {};
  private static final Runnable CANCELLED = () -> {};

  /** Is never cancelled. */
  public static final Cancellation NEVER = new Cancellation();

  private final AtomicReference<Runnable> action = new AtomicReference<>(NOTHING);

  /** Cancels; runs the waiting call's action on this thread. Repeating it does nothing. */
  public void cancel() {
    if (this == NEVER) {
      throw new IllegalStateException("NEVER cannot be cancelled");
    }
    action.getAndSet(CANCELLED).run();
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return action.get() == CANCELLED;
  }

  /**
   * Runs {@code wake} when the call is cancelled, at once if it already is. {@code wake} must not
   * wait. Whoever waits calls {@link #stopWatching} when it has its answer.
   */
  public void watch(Runnable wake) {
    if (this != NEVER && !action.compareAndSet(NOTHING, wake)) {
      if (!isCancelled()) {
        throw new IllegalStateException("a call waits at one place at a time");
      }
      wake.run();
    }
  }

  /** Ends {@link #watch}; afterwards {@code wake} may be running but will not be started. */
  public void stopWatching(Runnable wake) {
    if (this != NEVER) {
      action.compareAndSet(wake, NOTHING);
    }
  }
}
