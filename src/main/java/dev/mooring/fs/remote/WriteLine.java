package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.sftp.RemoteHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of one node waits to be sent, is on its way, or came back because its channel died: in the
 * order in which it was taken in. Holds no more than it is told; {@link WriteBehind} drives it.
 * Thread-safe.
 */
final class WriteLine {
  /** How many bytes may be on their way through one handle: what sshd's window takes, twice. */
  private static final long MAX_IN_FLIGHT = 4 << 20;

  private record Waiter(long upTo, CompletableFuture<Void> drained) {}

  private final long maxDirtyBytes;

  @GuardedBy("this")
  private final Deque<PendingWrite> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private final TreeMap<Long, PendingWrite> inFlight = new TreeMap<>();

  @GuardedBy("this")
  private final List<PendingWrite> lost = new ArrayList<>();

  @GuardedBy("this")
  private final List<Waiter> drainWaiters = new ArrayList<>();

  @GuardedBy("this")
  private final Deque<CompletableFuture<Void>> roomWaiters = new ArrayDeque<>();

  @GuardedBy("this")
  private long lastNumber;

  @GuardedBy("this")
  private long urgentUpTo;

  @GuardedBy("this")
  private long dirtyBytes;

  @GuardedBy("this")
  private long inFlightBytes;

  /** How many of those on their way go through a handle for bulk data. */
  @GuardedBy("this")
  private int inBulk;

  @GuardedBy("this")
  private boolean recovering;

  @GuardedBy("this")
  private long abandonedUpTo;

  WriteLine(long maxDirtyBytes) {
    this.maxDirtyBytes = maxDirtyBytes;
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty() && inFlight.isEmpty() && lost.isEmpty();
  }

  /** Done when there may be room for that many bytes more. */
  synchronized CompletableFuture<Void> room(int bytes) {
    if (dirtyBytes == 0 || dirtyBytes + bytes <= maxDirtyBytes) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> turn = new CompletableFuture<>();
    roomWaiters.add(turn);
    return turn;
  }

  /** The number for the next item. */
  synchronized long nextNumber() {
    return ++lastNumber;
  }

  /** The number of the last item. */
  synchronized long lastNumber() {
    return lastNumber;
  }

  /** Puts an item last. */
  synchronized void add(PendingWrite item) {
    item.file().use();
    waiting.add(item);
  }

  synchronized void dirtied(int bytes) {
    dirtyBytes += bytes;
  }

  /** Whether a full write waits for others. */
  synchronized boolean isHeldUp() {
    return waiting.peek() instanceof PendingWrite.Extent extent && extent.isFull();
  }

  /** How many bytes have not ended yet. */
  synchronized long dirtyBytes() {
    return dirtyBytes;
  }

  /** The last item if it is a write that is not sent yet. */
  synchronized PendingWrite.@Nullable Extent lastUnsent() {
    return waiting.peekLast() instanceof PendingWrite.Extent last ? last : null;
  }

  /** The last item, sent or not. */
  synchronized @Nullable PendingWrite last() {
    if (!waiting.isEmpty()) {
      return waiting.getLast();
    }
    if (!inFlight.isEmpty()) {
      return inFlight.lastEntry().getValue();
    }
    return lost.isEmpty() ? null : lost.getLast();
  }

  /** What has been taken in so far is to be sent whether full or not. */
  synchronized void hurry() {
    urgentUpTo = lastNumber;
  }

  /** Done when all that was taken in so far has ended. */
  synchronized CompletableFuture<Void> drained() {
    if (oldest() > lastNumber) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> drained = new CompletableFuture<>();
    drainWaiters.add(new Waiter(lastNumber, drained));
    return drained;
  }

  @GuardedBy("this")
  private long oldest() {
    long oldest = lost.stream().mapToLong(PendingWrite::number).min().orElse(Long.MAX_VALUE);
    oldest = inFlight.isEmpty() ? oldest : Math.min(oldest, inFlight.firstKey());
    return waiting.isEmpty() ? oldest : Math.min(oldest, waiting.getFirst().number());
  }

  /** The next item that is due, which is on its way from now on; null when none is. */
  synchronized @Nullable PendingWrite next() {
    PendingWrite head = waiting.peek();
    if (head == null || recovering || !lost.isEmpty() || !isDue(head)) {
      return null;
    }
    RemoteHandle lane = lane(head);
    if (mustWait(head, lane)) {
      return null;
    }
    if (head instanceof PendingWrite.Extent extent) {
      extent.take(lane);
    }
    waiting.remove();
    departs(head);
    return head;
  }

  @GuardedBy("this")
  private boolean isDue(PendingWrite head) {
    return switch (head) {
      case PendingWrite.Behind<?> _ -> true;
      case PendingWrite.Extent extent ->
          waiting.size() > 1 || extent.isFull() || extent.number() <= urgentUpTo;
    };
  }

  /** The bulk handle with the least on its way; small writes and appended ones keep their order. */
  @GuardedBy("this")
  private @Nullable RemoteHandle lane(PendingWrite item) {
    boolean bulk =
        item instanceof PendingWrite.Extent extent && extent.isFull() && !item.file().appends();
    RemoteHandle least = null;
    for (RemoteHandle lane : bulk ? item.file().bulk().live() : List.<RemoteHandle>of()) {
      least = least == null || inFlightOn(lane) < inFlightOn(least) ? lane : least;
    }
    return least;
  }

  @GuardedBy("this")
  private void departs(PendingWrite item) {
    inFlight.put(item.number(), item);
    inFlightBytes += item.length();
    inBulk += item.lane() == null ? 0 : 1;
  }

  @GuardedBy("this")
  private void arrives(PendingWrite item) {
    inFlight.remove(item.number());
    inFlightBytes -= item.length();
    inBulk -= item.lane() == null ? 0 : 1;
  }

  @GuardedBy("this")
  private long inFlightOn(@Nullable RemoteHandle lane) {
    return inFlight.values().stream()
        .filter(item -> item.lane() == lane)
        .mapToLong(PendingWrite::length)
        .sum();
  }

  /** Another handle may be on another channel, which knows nothing of our order. */
  @GuardedBy("this")
  private boolean mustWait(PendingWrite head, @Nullable RemoteHandle lane) {
    if (inFlight.isEmpty()) {
      return false;
    }
    boolean onOne = lane == null && inBulk == 0;
    long onTheirWay = onOne ? inFlightBytes : inFlightOn(lane);
    return inFlight.lastEntry().getValue().file() != head.file()
        || mayHideAppended(head)
        || onTheirWay + head.length() > MAX_IN_FLIGHT
        || (!onOne
            && inFlight.values().stream()
                .anyMatch(before -> before.lane() != lane && orders(before, head)));
  }

  /** Whether it makes a difference which of two is carried out first. */
  private static boolean orders(PendingWrite before, PendingWrite after) {
    return switch (before) {
      case PendingWrite.Behind<?> behind -> behind.changes();
      case PendingWrite.Extent extent ->
          switch (after) {
            case PendingWrite.Behind<?> _ -> true;
            case PendingWrite.Extent next -> extent.overlaps(next);
          };
    };
  }

  /** Behind a change of the size nobody could tell any more whether lost bytes were appended. */
  private static boolean mayHideAppended(PendingWrite head) {
    return head instanceof PendingWrite.Behind<?> behind
        && behind.changes()
        && head.file().appends();
  }

  /** An item came back unsent or unanswered; true when all that were on their way have. */
  synchronized boolean cameBack(PendingWrite item) {
    arrives(item);
    if (item instanceof PendingWrite.Extent extent) {
      extent.take(null);
    }
    lost.add(item);
    boolean begin = inFlight.isEmpty() && !recovering;
    recovering |= begin;
    return begin;
  }

  /** What came back may be sent again. */
  synchronized void resend() {
    recovering = false;
    lost.sort(Comparator.comparingLong(PendingWrite::number).reversed());
    lost.forEach(waiting::addFirst);
    lost.clear();
  }

  /**
   * What came back is given up, and all that waits for the same file, which would only come back
   * too: answers it, oldest first, each to be ended.
   */
  synchronized List<PendingWrite> giveUp() {
    recovering = false;
    ServerFile gone = lostFile();
    List<PendingWrite> hopeless = waiting.stream().filter(item -> item.file() == gone).toList();
    waiting.removeAll(hopeless);
    lost.addAll(hopeless);
    lost.sort(Comparator.comparingLong(PendingWrite::number));
    List<PendingWrite> given = List.copyOf(lost);
    lost.clear();
    given.forEach(this::departs);
    return given;
  }

  /**
   * What was given up.
   *
   * @param bytes of all of it, also of what is on its way
   * @param unsent what is not on its way, oldest first, each to be ended
   */
  record Abandoned(long bytes, List<PendingWrite> unsent) {}

  /** Gives up all that is taken in; what is on its way when it comes back. */
  synchronized Abandoned abandon() {
    long bytes = dirtyBytes;
    recovering = false;
    abandonedUpTo = lastNumber;
    List<PendingWrite> given =
        Stream.concat(lost.stream(), waiting.stream())
            .sorted(Comparator.comparingLong(PendingWrite::number))
            .toList();
    lost.clear();
    waiting.clear();
    given.forEach(this::departs);
    return new Abandoned(bytes, given);
  }

  synchronized boolean isAbandoned(PendingWrite item) {
    return item.number() <= abandonedUpTo;
  }

  /** An item on its way has ended; answers who waited for that. */
  synchronized List<CompletableFuture<Void>> ended(PendingWrite item) {
    arrives(item);
    dirtyBytes -= item.length();
    List<CompletableFuture<Void>> woken = new ArrayList<>(roomWaiters);
    roomWaiters.clear();
    long oldest = oldest();
    drainWaiters.removeIf(waiter -> waiter.upTo() < oldest && woken.add(waiter.drained()));
    return woken;
  }

  /** Whether an item came back while others were still on their way, and they are not any more. */
  synchronized boolean mustRecover() {
    boolean begin = !lost.isEmpty() && inFlight.isEmpty() && !recovering;
    recovering |= begin;
    return begin;
  }

  /** What came back of a file and may be in it already, in order. */
  synchronized List<PendingWrite.Extent> doubtful(ServerFile file) {
    return lost.stream()
        .sorted(Comparator.comparingLong(PendingWrite::number))
        .flatMap(item -> item instanceof PendingWrite.Extent e ? Stream.of(e) : Stream.empty())
        .filter(extent -> extent.file() == file && extent.isDoubtful())
        .toList();
  }

  /** Those samples that nothing in line could have changed. */
  synchronized List<Footprint.Sample> untouched(List<Footprint.Sample> samples) {
    List<PendingWrite> inLine = pending().toList();
    return samples.stream()
        .filter(sample -> inLine.stream().noneMatch(item -> touches(item, sample)))
        .toList();
  }

  private static boolean touches(PendingWrite item, Footprint.Sample sample) {
    return switch (item) {
      case PendingWrite.Extent extent ->
          !extent.file().appends()
              && sample.overlaps(extent.offset(), extent.offset() + extent.length());
      case PendingWrite.Behind<?> behind -> behind.changes();
    };
  }

  @GuardedBy("this")
  private Stream<PendingWrite> pending() {
    return Stream.of(waiting, inFlight.values(), lost).flatMap(Collection::stream);
  }

  /** These are not to be sent again; each is to be ended. */
  synchronized void takeBack(List<PendingWrite.Extent> settled) {
    lost.removeAll(settled);
    settled.forEach(this::departs);
  }

  /** Through which file the first that came back went. */
  synchronized @Nullable ServerFile lostFile() {
    return lost.isEmpty() ? null : lost.getFirst().file();
  }
}
