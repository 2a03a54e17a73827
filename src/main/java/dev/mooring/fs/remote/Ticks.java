package dev.mooring.fs.remote;

import dev.mooring.fs.Fresh;
import dev.mooring.fs.Pace;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts questions and own changes of one file system in order, so that an answer that was asked for
 * before a later change is never believed, however late it comes. Thread-safe.
 */
final class Ticks {
  private final Pace pace;
  private final AtomicLong last = new AtomicLong();

  Ticks(Pace pace) {
    this.pace = pace;
  }

  /** To be called right before a question is sent. */
  Asked ask() {
    return new Asked(pace.nanoTime(), last.incrementAndGet());
  }

  /** To be called when a change has ended. */
  long next() {
    return last.incrementAndGet();
  }

  /** Whether an answer of that age may still be believed. */
  boolean isFresh(Asked asked, Duration lifetime) {
    return pace.nanoTime() - asked.nanos() < lifetime.toNanos();
  }

  /** Until when an answer of that age may be believed. */
  static long until(Asked asked, Duration lifetime) {
    return asked.nanos() + lifetime.toNanos();
  }

  /** An answer that must be asked for again. */
  <T> Fresh<T> stale(T value) {
    return new Fresh<>(value, pace.nanoTime());
  }
}
