package dev.mooring.fs;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Real time, virtual threads, real waiting. One for the whole process; {@link #close} ends its
 * timer thread and waits for no task.
 */
public final class SystemPace implements Pace, AutoCloseable {
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mooring-task-", 0).factory());
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("mooring-timer").factory());

  /** Starts the timer thread. */
  public SystemPace() {
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long epochSeconds() {
    return Math.floorDiv(System.currentTimeMillis(), 1000);
  }

  @Override
  public void execute(Runnable task) {
    tasks.execute(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Future<?> timer = timers.schedule(() -> execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public void await(CompletableFuture<?> future, Caller caller) throws ErrnoException {
    if (future.isDone()) {
      return;
    }
    caller.beforeWaiting();
    Thread waiter = Thread.currentThread();
    Runnable wake = () -> LockSupport.unpark(waiter);
    caller.cancellation().watch(wake);
    try {
      future.whenComplete((value, failure) -> wake.run());
      park(future, caller);
    } finally {
      caller.cancellation().stopWatching(wake);
    }
  }

  private static void park(CompletableFuture<?> future, Caller caller) throws ErrnoException {
    while (!future.isDone()) {
      long left = caller.deadlineNanos() - System.nanoTime();
      if (caller.cancellation().isCancelled() || Thread.currentThread().isInterrupted()) {
        throw new ErrnoException(Errno.EINTR, "cancelled while waiting");
      }
      if (left <= 0) {
        throw new ErrnoException(Errno.ETIMEDOUT, "no answer within the deadline");
      }
      LockSupport.parkNanos(future, left);
    }
  }

  @Override
  public void close() {
    timers.shutdownNow();
    tasks.shutdownNow();
  }
}
