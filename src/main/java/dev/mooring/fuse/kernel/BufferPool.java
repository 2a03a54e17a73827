package dev.mooring.fuse.kernel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that requests are read into, bounded: whoever would go beyond waits until something
 * is given back. It is sure of a few requests; what it has beyond them comes out of the {@link
 * NativeMemory} that all mounts share. As many idle buffers are kept as are in use, and a few: what
 * a burst of writes needed goes back to the system when it is over. Thread-safe.
 *
 * <p>What waits here is a reading thread, when so many writes wait for the file system or keep
 * their buffers that the bound is reached; each of those ends by its deadline.
 */
final class BufferPool implements AutoCloseable {
  /** The kernel reads into nothing smaller: the largest write and one page for what goes before. */
  static final int REQUEST_BYTES = Negotiation.MAX_TRANSFER + 4096;

  /** How many idle buffers are kept in any case: those of the reading threads, and as many more. */
  private static final int KEPT = 4;

  /** How much there is in any case, whatever other mounts need. */
  static final long SURE_BYTES = (long) KEPT * REQUEST_BYTES;

  private static final int PAGE = 4096;

  private final long capacity;
  private final NativeMemory share;

  @GuardedBy("this")
  private final Deque<Memory> idle = new ArrayDeque<>(KEPT);

  @GuardedBy("this")
  private int inUse;

  /** What requests and copies take. */
  @GuardedBy("this")
  private long usedBytes;

  /** How much there may be, used or idle: what is sure and what is out of the share. */
  @GuardedBy("this")
  private long allotted = SURE_BYTES;

  @GuardedBy("this")
  private boolean closed;

  /** For one request; freed by hand, for the collector would come late. */
  private record Memory(Arena arena, MemorySegment segment) {
    static Memory allocate() {
      Arena arena = Arena.ofShared();
      return new Memory(arena, arena.allocate(REQUEST_BYTES, PAGE));
    }
  }

  /** A pool of at most this many bytes, and of those that it is sure of. */
  BufferPool(long bytes, NativeMemory share) {
    this.share = share;
    capacity = Math.max(SURE_BYTES, bytes);
  }

  /** A buffer for any request; waits for one. */
  RequestBuffer take() {
    await(REQUEST_BYTES);
    return idleOrNew();
  }

  /** A buffer for any request, or null when none is left. */
  @Nullable RequestBuffer tryTake() {
    return admits(REQUEST_BYTES) ? idleOrNew() : null;
  }

  /** A copy of a few bytes in memory of just that size; waits for room. */
  RequestBuffer copyOf(MemorySegment bytes) {
    long held = (bytes.byteSize() + PAGE - 1) / PAGE * PAGE;
    await(held);
    MemorySegment copy = Arena.ofAuto().allocate(bytes.byteSize());
    return new RequestBuffer(copy.copyFrom(bytes), () -> giveBack(held));
  }

  private synchronized void await(long bytes) {
    boolean interrupted = false;
    while (!admits(bytes)) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean admits(long bytes) {
    long needed = usedBytes + bytes;
    if (needed > capacity || (needed > allotted && !share.take(needed - allotted))) {
      return false;
    }
    allotted = Math.max(allotted, needed);
    usedBytes = needed;
    return true;
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
    giveBack(REQUEST_BYTES);
  }

  private synchronized void giveBack(long bytes) {
    usedBytes -= bytes;
    settle();
    notifyAll();
  }

  /** Gives back to the share what is not needed any more. */
  @GuardedBy("this")
  private void settle() {
    long needed = Math.max(SURE_BYTES, usedBytes + (long) idle.size() * REQUEST_BYTES);
    long spare = Math.max(0, allotted - needed);
    share.giveBack(spare);
    allotted -= spare;
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
    settle();
  }

  /** How many bytes could still be taken, if the share has them. */
  synchronized long available() {
    return capacity - usedBytes;
  }
}
