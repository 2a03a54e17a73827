package dev.mooring.testing;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to begin later in a {@link LockStepPace}, whose monitor guards it. */
final class Alarms {
  /** A task put off; {@code number} keeps those of the same instant in order. */
  record Alarm(long atNanos, long number, Runnable task) {}

  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(
          Comparator.comparingLong(Alarm::atNanos).thenComparingLong(Alarm::number));
  private long added;

  Alarm add(long atNanos, Runnable task) {
    Alarm alarm = new Alarm(atNanos, ++added, task);
    alarms.add(alarm);
    return alarm;
  }

  void remove(Alarm alarm) {
    alarms.remove(alarm);
  }

  /** When the next one is due; {@code never} if there is none. */
  long nextNanos(long never) {
    Alarm next = alarms.peek();
    return next == null ? never : next.atNanos();
  }

  /** Takes out the next task that is due; null if none is. */
  @Nullable Runnable takeDue(long nowNanos) {
    Alarm next = alarms.peek();
    if (next == null || next.atNanos() > nowNanos) {
      return null;
    }
    alarms.remove();
    return next.task();
  }
}
