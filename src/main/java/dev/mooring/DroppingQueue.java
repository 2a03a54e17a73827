package dev.mooring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands between those who log and an appender that may block. Whoever logs never waits: lines go
 * into a bounded queue, and a line that finds it full is dropped and counted. When the appender
 * takes lines again, one of them says how many are missing there. (logback's own AsyncAppender does
 * not count.)
 */
final class DroppingQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /** How long the end waits for the appender. */
  private static final Duration FLUSHING = Duration.ofSeconds(1);

  /** A line, and how many were dropped right before it. */
  private record Line(ILoggingEvent event, long droppedBefore) {}

  private final Appender<ILoggingEvent> target;
  private final BlockingQueue<Line> queue;
  private final AtomicLong dropped = new AtomicLong();
  private final Thread writing =
      Thread.ofPlatform().daemon().name("mooring-log").unstarted(this::write);

  /**
   * Of at most {@code capacity} lines.
   *
   * @param target has started; only this writes to it
   */
  DroppingQueue(Appender<ILoggingEvent> target, int capacity) {
    this.target = target;
    queue = new ArrayBlockingQueue<>(capacity);
  }

  @Override
  public void start() {
    super.start();
    writing.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    long before = dropped.getAndSet(0);
    if (!queue.offer(new Line(event, before))) {
      dropped.addAndGet(before + 1);
    }
  }

  private void write() {
    try {
      while (true) {
        write(queue.take());
      }
    } catch (InterruptedException _) {
      // The end: what is queued is still written.
      for (Line line = queue.poll(); line != null; line = queue.poll()) {
        write(line);
      }
    }
  }

  private void write(Line line) {
    if (line.droppedBefore() > 0) {
      target.doAppend(missing(line.droppedBefore()));
    }
    target.doAppend(line.event());
    // Whoever was dropped last may have nobody after it.
    long last = queue.isEmpty() ? dropped.getAndSet(0) : 0;
    if (last > 0) {
      target.doAppend(missing(last));
    }
  }

  private ILoggingEvent missing(long lines) {
    Logger logger = ((LoggerContext) getContext()).getLogger(DroppingQueue.class);
    return new LoggingEvent(
        DroppingQueue.class.getName(),
        logger,
        Level.WARN,
        "{} lines are missing here: nobody read the log",
        (@Nullable Throwable) null,
        new Object[] {lines});
  }

  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    writing.interrupt();
    try {
      writing.join(FLUSHING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    target.stop();
  }
}
