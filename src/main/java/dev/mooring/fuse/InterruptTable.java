package dev.mooring.fuse;

import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Pace;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * The requests that wait, by the number that an INTERRUPT names them with, and what becomes of them
 * when it comes. Thread-safe.
 *
 * <p>A request that is answered on its reading thread never stands here. So an INTERRUPT of a
 * request that is unknown here has come too late or, with several reading threads, too early: it is
 * answered with EAGAIN, upon which the kernel sends it again if the request is still unanswered.
 *
 * <p>A signal that the process survives cancels nothing. But the kernel sends one INTERRUPT for a
 * request and no more, so from then on the process is looked at again and again: a {@code kill -9}
 * may follow.
 */
public final class InterruptTable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private record Waiting(Cancellation cancellation, int threadId) {}

  private final ConcurrentHashMap<Long, Waiting> requests = new ConcurrentHashMap<>();
  private final Pace pace;
  private final IntPredicate doomed;
  private volatile boolean closed;

  /**
   * A table.
   *
   * @param doomed whether a thread is going to die, see {@link Fate#isDoomed(int)}
   */
  public InterruptTable(Pace pace, IntPredicate doomed) {
    this.pace = pace;
    this.doomed = doomed;
  }

  /** A request begins to wait for what a thread wants. */
  public Cancellation register(long unique, int threadId) {
    Cancellation cancellation = new Cancellation();
    register(unique, threadId, cancellation);
    return cancellation;
  }

  /** As {@link #register(long, int)}, to cancel what the caller has. */
  public void register(long unique, int threadId, Cancellation cancellation) {
    requests.put(unique, new Waiting(cancellation, threadId));
    if (closed) {
      cancellation.cancel();
    }
  }

  /** A request has its answer. */
  public void done(long unique) {
    requests.remove(unique);
  }

  /** An INTERRUPT has come. False when it is to be answered with EAGAIN. */
  public boolean interrupt(long unique) {
    if (!requests.containsKey(unique)) {
      return false;
    }
    pace.execute(() -> look(unique));
    return true;
  }

  private void look(long unique) {
    Waiting waiting = requests.get(unique);
    if (waiting == null) {
      return;
    }
    if (doomed.test(waiting.threadId)) {
      waiting.cancellation.cancel();
    } else {
      pace.schedule(BETWEEN_LOOKS, () -> look(unique));
    }
  }

  /** Cancels all that wait, and all that will. */
  public void close() {
    closed = true;
    requests.values().forEach(waiting -> waiting.cancellation.cancel());
  }
}
