package dev.mooring.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something outside this process that nobody announces, with a bound. */
public final class Patience {
  private static final Duration STEP = Duration.ofMillis(10);

  private Patience() {}

  /** Lets time go by, where nothing but time helps. */
  public static void rest(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    until("time goes by", time.multipliedBy(2), () -> System.nanoTime() - end >= 0);
  }

  /**
   * Returns when {@code condition} holds.
   *
   * @throws IllegalStateException when it does not within {@code limit}
   */
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
