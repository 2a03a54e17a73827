package dev.mooring.testing;

import dev.mooring.fs.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One who takes turns in a {@link LockStepPace}: the test's thread or a background task. The pace's
 * monitor guards the fields that change.
 */
final class Player {
  final String name;
  final Semaphore turn = new Semaphore(0);
  @Nullable Thread thread;
  @Nullable CompletableFuture<?> awaited;
  @Nullable Caller caller;

  Player(String name) {
    this.name = name;
  }

  /** Whether what it waits for has come, or will not be waited for any longer. */
  boolean mayGoOn(long nowNanos) {
    return awaited == null || awaited.isDone() || endsEarly(nowNanos);
  }

  private boolean endsEarly(long nowNanos) {
    return caller != null
        && (caller.cancellation().isCancelled() || caller.deadlineNanos() - nowNanos <= 0);
  }

  /** For the list of who waits for what, with the place in our code where it waits. */
  @Override
  public String toString() {
    Thread waiting = thread;
    StringBuilder text = new StringBuilder(name + " waits for " + awaited);
    for (StackTraceElement frame :
        waiting == null ? new StackTraceElement[0] : waiting.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.mooring.")
          && !frame.getClassName().equals(LockStepPace.class.getName())) {
        text.append("\n    at ").append(frame);
      }
    }
    return text.toString();
  }
}
