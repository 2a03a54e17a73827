package dev.mooring.fuse.kernel;

import dev.mooring.fuse.kernel.protocol.Negotiation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that requests are read into, bounded: whoever would go beyond waits until something
 * is given back. Thread-safe.
 *
 * <p>What waits here is a reading thread, when so many writes wait for the file system or keep
 * their buffers that the bound is reached; each of those ends by its deadline.
 */
final class BufferPool {
  /** The kernel reads into nothing smaller: the largest write and one page for what goes before. */
  static final int REQUEST_BYTES = Negotiation.MAX_TRANSFER + 4096;

  private static final int PAGE = 4096;
  private static final int KEPT = 4;

  private final Semaphore pages;
  private final ArrayDeque<MemorySegment> idle = new ArrayDeque<>(KEPT);

  /** A pool of at most this many bytes, which must hold a request for each reading thread. */
  BufferPool(long bytes) {
    pages = new Semaphore(Math.toIntExact(bytes / PAGE));
  }

  /** A buffer for any request; waits for one. */
  RequestBuffer take() {
    pages.acquireUninterruptibly(pagesOf(REQUEST_BYTES));
    return new RequestBuffer(this, idleOrNew());
  }

  /** A buffer for any request, or null when none is left. */
  @Nullable RequestBuffer tryTake() {
    return pages.tryAcquire(pagesOf(REQUEST_BYTES)) ? new RequestBuffer(this, idleOrNew()) : null;
  }

  /** A copy of a few bytes in memory of just that size; waits for room. */
  RequestBuffer copyOf(MemorySegment bytes) {
    pages.acquireUninterruptibly(pagesOf(bytes.byteSize()));
    MemorySegment copy = Arena.ofAuto().allocate(bytes.byteSize());
    return new RequestBuffer(this, copy.copyFrom(bytes));
  }

  private MemorySegment idleOrNew() {
    synchronized (idle) {
      MemorySegment kept = idle.poll();
      if (kept != null) {
        return kept;
      }
    }
    // The collector frees it, so bytes that were moved out may outlive the session.
    return Arena.ofAuto().allocate(REQUEST_BYTES, PAGE);
  }

  /** Called by {@link RequestBuffer#close}. */
  void giveBack(MemorySegment memory) {
    if (memory.byteSize() == REQUEST_BYTES) {
      synchronized (idle) {
        if (idle.size() < KEPT) {
          idle.push(memory);
        }
      }
    }
    pages.release(pagesOf(memory.byteSize()));
  }

  /** How many bytes could still be taken. */
  long available() {
    return (long) pages.availablePermits() * PAGE;
  }

  private static int pagesOf(long bytes) {
    return (int) ((bytes + PAGE - 1) / PAGE);
  }
}
