package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.NativeMemory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Bounded native memory for reading ahead and writing behind, in buffers of one size, made when
 * needed. As many idle ones are kept as are in use, and a few: what a burst needed goes back to the
 * system when it is over.
 *
 * <p>It is sure of {@link #SURE} buffers; what it has beyond them comes out of the {@link
 * NativeMemory} that all mounts share, and goes back there.
 *
 * <p>No deadlock is possible: whoever needs several buffers gets them all at once or waits holding
 * none; what is read on speculation may take half of the pool at most, leaves half of what is sure
 * alone, and gets nothing while somebody waits; and every other buffer comes back when a reply
 * comes, for which no further buffer is needed. Thread-safe.
 */
final class BufferPool implements AutoCloseable {
  /** The size of one buffer: what OpenSSH reads or writes in one request, and a little more. */
  static final int BUFFER_BYTES = 256 * 1024;

  /** How many buffers there are in any case, whatever other mounts need; idle ones are kept. */
  static final int SURE = 16;

  /** Of these, so many are never used for what nobody has asked for yet. */
  private static final int FOR_DEMAND = SURE / 2;

  private final int capacity;
  private final NativeMemory share;

  @GuardedBy("this")
  private final Deque<Memory> free = new ArrayDeque<>();

  @GuardedBy("this")
  private final Deque<Waiter> waiters = new ArrayDeque<>();

  @GuardedBy("this")
  private int taken;

  @GuardedBy("this")
  private int speculative;

  /** How many there may be, lent or idle: those that are sure and those out of the share. */
  @GuardedBy("this")
  private int allotted = SURE;

  @GuardedBy("this")
  private boolean closed;

  /** Freed by hand: the collector would come late, for it sees none of its size. */
  private record Memory(Arena arena, ByteBuffer bytes) {
    static Memory allocate() {
      Arena arena = Arena.ofShared();
      return new Memory(arena, arena.allocate(BUFFER_BYTES).asByteBuffer());
    }
  }

  private record Waiter(int count, CompletableFuture<Void> turn) {}

  /** Of that many bytes at most, and of those that it is sure of. */
  BufferPool(long bytes, NativeMemory share) {
    this.share = share;
    capacity = (int) Math.max(SURE, bytes / BUFFER_BYTES);
  }

  /** How many buffers one caller may ask for at once. */
  int most() {
    return Math.min(capacity / 4, FOR_DEMAND);
  }

  /** Whether so many may be lent, some of them on speculation; takes what that needs. */
  @GuardedBy("this")
  private boolean admits(int lent, int speculated) {
    int needed = Math.max(lent, speculated + FOR_DEMAND);
    if (lent > capacity || (needed > allotted && !share.take(bytes(needed - allotted)))) {
      return false;
    }
    allotted = Math.max(allotted, needed);
    return true;
  }

  /** Gives back to the share what is not needed any more. */
  @GuardedBy("this")
  private void settle() {
    int needed = Math.max(SURE, Math.max(taken + free.size(), speculative + FOR_DEMAND));
    int spare = Math.max(0, allotted - needed);
    share.giveBack(bytes(spare));
    allotted -= spare;
  }

  private static long bytes(int buffers) {
    return (long) buffers * BUFFER_BYTES;
  }

  /**
   * Reserves room for {@code count} buffers, in turn. When the future is done they may be taken
   * with {@link #take}, or given back with {@link #giveBack}.
   */
  synchronized CompletableFuture<Void> reserve(int count) {
    if (count > most()) {
      throw new IllegalArgumentException(count + " buffers of " + capacity);
    }
    CompletableFuture<Void> turn = new CompletableFuture<>();
    if (waiters.isEmpty() && admits(taken + count, speculative)) {
      taken += count;
      turn.complete(null);
    } else {
      waiters.add(new Waiter(count, turn));
    }
    return turn;
  }

  /** Gives up waiting for a reservation, or gives it back if it has been made. */
  void abandon(CompletableFuture<Void> reservation, int count) {
    reservation.thenRun(() -> giveBack(count));
  }

  /** Gives reserved room back that no buffer was taken for. */
  void giveBack(int count) {
    List<CompletableFuture<Void>> turns = new ArrayList<>();
    synchronized (this) {
      taken -= count;
      while (!waiters.isEmpty() && admits(taken + waiters.peek().count(), speculative)) {
        Waiter next = waiters.remove();
        taken += next.count();
        turns.add(next.turn());
      }
      settle();
    }
    turns.forEach(turn -> turn.complete(null));
  }

  /** A buffer for reserved room, held once. */
  SharedBuffer take() {
    Memory memory = memory();
    return new SharedBuffer(memory.bytes(), _ -> put(memory));
  }

  /** A buffer for what nobody has asked for yet; null when there is none to spare. */
  @Nullable SharedBuffer takeSpeculative() {
    synchronized (this) {
      if (!waiters.isEmpty()
          || speculative >= capacity / 2
          || !admits(taken + 1, speculative + 1)) {
        return null;
      }
      taken++;
      speculative++;
    }
    Memory memory = memory();
    return new SharedBuffer(memory.bytes(), _ -> putSpeculative(memory));
  }

  private Memory memory() {
    Memory kept;
    synchronized (this) {
      kept = free.poll();
    }
    return kept == null ? Memory.allocate() : kept;
  }

  private void put(Memory memory) {
    synchronized (this) {
      free.push(memory);
      int keep = closed ? 0 : Math.max(SURE, taken - 1);
      while (free.size() > keep) {
        free.removeLast().arena().close();
      }
    }
    giveBack(1);
  }

  private void putSpeculative(Memory memory) {
    synchronized (this) {
      speculative--;
    }
    put(memory);
  }

  /** How many buffers are in use or reserved. */
  synchronized int taken() {
    return taken;
  }

  /** How many idle buffers are kept. */
  synchronized int idle() {
    return free.size();
  }

  /** Frees all memory: what is lent, when it comes back. */
  @Override
  public synchronized void close() {
    closed = true;
    free.forEach(memory -> memory.arena().close());
    free.clear();
    settle();
  }
}
