package dev.mooring.fuse.kernel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that requests are read into, bounded: whoever would go beyond waits until something
 * is given back. As many idle buffers are kept as are in use, and a few: what a burst of writes
 * needed goes back to the system when it is over. Thread-safe.
 *
 * <p>What waits here is a reading thread, when so many writes wait for the file system or keep
 * their buffers that the bound is reached; each of those ends by its deadline.
 */
final class BufferPool implements AutoCloseable {
  /** The kernel reads into nothing smaller: the largest write and one page for what goes before. */
  static final int REQUEST_BYTES = Negotiation.MAX_TRANSFER + 4096;

  private static final int PAGE = 4096;

  /** How many idle buffers are kept in any case. */
  private static final int KEPT = 4;

  private final Semaphore pages;

  @GuardedBy("this")
  private final Deque<Memory> idle = new ArrayDeque<>(KEPT);

  @GuardedBy("this")
  private int inUse;

  @GuardedBy("this")
  private boolean closed;

  /** For one request; freed by hand, for the collector would come late. */
  private record Memory(Arena arena, MemorySegment segment) {
    static Memory allocate() {
      Arena arena = Arena.ofShared();
      return new Memory(arena, arena.allocate(REQUEST_BYTES, PAGE));
    }
  }

  /** A pool of at most this many bytes, which must hold a request for each reading thread. */
  BufferPool(long bytes) {
    pages = new Semaphore(Math.toIntExact(bytes / PAGE));
  }

  /** A buffer for any request; waits for one. */
  RequestBuffer take() {
    pages.acquireUninterruptibly(pagesOf(REQUEST_BYTES));
    return idleOrNew();
  }

  /** A buffer for any request, or null when none is left. */
  @Nullable RequestBuffer tryTake() {
    return pages.tryAcquire(pagesOf(REQUEST_BYTES)) ? idleOrNew() : null;
  }

  /** A copy of a few bytes in memory of just that size; waits for room. */
  RequestBuffer copyOf(MemorySegment bytes) {
    pages.acquireUninterruptibly(pagesOf(bytes.byteSize()));
    MemorySegment copy = Arena.ofAuto().allocate(bytes.byteSize());
    int held = pagesOf(bytes.byteSize());
    return new RequestBuffer(copy.copyFrom(bytes), () -> pages.release(held));
  }

  private RequestBuffer idleOrNew() {
    Memory kept;
    synchronized (this) {
      inUse++;
      kept = idle.poll();
    }
    Memory memory = kept == null ? Memory.allocate() : kept;
    return new RequestBuffer(memory.segment(), () -> giveBack(memory));
  }

  private void giveBack(Memory memory) {
    synchronized (this) {
      inUse--;
      idle.push(memory);
      int keep = closed ? 0 : Math.max(KEPT, inUse);
      while (idle.size() > keep) {
        idle.removeLast().arena().close();
      }
    }
    pages.release(pagesOf(REQUEST_BYTES));
  }

  /** How many idle buffers are kept. */
  synchronized int idle() {
    return idle.size();
  }

  /** Frees all memory: what is in use, when it comes back, which may be after the session's end. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(memory -> memory.arena().close());
    idle.clear();
  }

  /** How many bytes could still be taken. */
  long available() {
    return (long) pages.availablePermits() * PAGE;
  }

  private static int pagesOf(long bytes) {
    return (int) ((bytes + PAGE - 1) / PAGE);
  }
}
