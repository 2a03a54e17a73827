package dev.mooring.sftp;

import dev.mooring.ssh.ConnectionLost;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which request each request id belongs to, from before it is sent until its reply.
 *
 * <p>Any thread submits; requests go out in the order in which they were submitted. What exceeds
 * the bounds waits in a queue until replies make room. One thread at a time sends: the first that
 * comes; the others leave their request in the queue and go on. So there is no lock, nobody waits,
 * and futures end while nothing is held.
 *
 * <p>The table closes once. From then on every request, those submitted later too, ends with the
 * cause. A request whose deadline passed has ended for its owner but stays here, with its id, its
 * share of the bounds and its buffers, until its reply comes or the table closes.
 */
final class RequestTable {
  /** The most that can be in flight at all. */
  static final int MAX_REQUESTS = 4096;

  /** How many timeouts a request may take while the server answers others. */
  private static final int MOST_TIMEOUTS = 10;

  /** Twice as many places as requests, so that a free one is found at once. */
  private static final int SLOTS = 2 * MAX_REQUESTS;

  private final SftpSettings bounds;
  private final LongSupplier clock;
  private final Consumer<List<ByteBuffer>> wire;

  private final AtomicReferenceArray<@Nullable Request<?>> slots =
      new AtomicReferenceArray<>(SLOTS);
  private final AtomicInteger requestsInFlight = new AtomicInteger();
  private final AtomicInteger bytesInFlight = new AtomicInteger();
  private final Flow reads = new Flow();
  private final Flow writes = new Flow();

  private final Queue<Request<?>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();

  /** How often sending was asked for since the thread that sends last looked. */
  private final AtomicInteger sendingWanted = new AtomicInteger();

  private final AtomicReference<@Nullable ConnectionLost> closed = new AtomicReference<>();

  /** The last id that was given away; only the thread that sends changes it. */
  private volatile int lastId;

  /**
   * An empty one.
   *
   * @param wire sends a packet; called by one thread at a time
   */
  RequestTable(SftpSettings bounds, LongSupplier clock, Consumer<List<ByteBuffer>> wire) {
    this.bounds = bounds;
    this.clock = clock;
    this.wire = wire;
  }

  /** Sends a request as soon as there is room; where even the queue is full, ends it. */
  void submit(Request<?> request) {
    if (queued.incrementAndGet() > bounds.maxRequestsQueued()) {
      queued.decrementAndGet();
      request.settle();
      request.completeExceptionally(
          new SftpException(
              SftpStatus.FAILURE, request.verb() + ": too many requests are waiting already"));
      return;
    }
    queue.add(request);
    sendQueued();
  }

  /** Sends what there is room for, or leaves that to the thread that is already at it. */
  private void sendQueued() {
    if (sendingWanted.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      sendWhileThereIsRoom();
      seen = sendingWanted.addAndGet(-seen);
    } while (seen != 0);
  }

  private void sendWhileThereIsRoom() {
    for (Request<?> next = queue.peek(); next != null; next = queue.peek()) {
      ConnectionLost cause = closed.get();
      if (cause == null && !next.isDone() && !hasRoomFor(next)) {
        return;
      }
      queue.remove();
      queued.decrementAndGet();
      if (cause != null) {
        end(next, cause);
      } else if (next.isDone()) {
        next.settle();
      } else {
        send(next);
      }
    }
  }

  /** A request that is larger than the bound goes when nothing else is in flight. */
  private boolean hasRoomFor(Request<?> request) {
    int requests = requestsInFlight.get();
    return requests == 0
        || (requests < bounds.maxRequestsInFlight()
            && (request.dataBytes() == 0
                || bytesInFlight.get() + request.dataBytes() <= bounds.maxBytesInFlight()));
  }

  private void send(Request<?> request) {
    boolean alone = requestsInFlight.getAndIncrement() == 0;
    bytesInFlight.addAndGet(request.dataBytes());
    int id = lastId + 1;
    while (slots.get(slot(id)) != null) {
      id++;
    }
    lastId = id;
    request.number(id, clock.getAsLong(), alone, flowOf(request).carried());
    slots.set(slot(id), request);
    ConnectionLost cause = closed.get();
    if (cause == null) {
      wire.accept(request.packet());
    } else if (remove(request)) {
      // close() may have passed over the slot before the request was there.
      end(request, cause);
    }
  }

  private Flow flowOf(Request<?> request) {
    return request.isWrite() ? writes : reads;
  }

  /** What READ moves here. */
  Flow reads() {
    return reads;
  }

  /** What WRITE moves there. */
  Flow writes() {
    return writes;
  }

  /**
   * The request of an id.
   *
   * @throws ProtocolViolation when there is none in flight
   */
  Request<?> inFlight(int id) {
    Request<?> request = slots.get(slot(id));
    if (request == null || request.id() != id) {
      throw new ProtocolViolation("a reply to request " + id + ", which is not in flight");
    }
    return request;
  }

  /** Its reply is here: makes room for others and lets go of its buffers. */
  Request<?> take(int id) {
    Request<?> request = inFlight(id);
    remove(request);
    if (request.dataBytes() > 0) {
      flowOf(request)
          .arrived(
              request.dataBytes(), request.sentNanos(), request.carriedBefore(), clock.getAsLong());
    }
    request.settle();
    if (queued.get() != 0) {
      sendQueued();
    }
    return request;
  }

  private boolean remove(Request<?> request) {
    if (!slots.compareAndSet(slot(request.id()), request, null)) {
      return false;
    }
    requestsInFlight.decrementAndGet();
    bytesInFlight.addAndGet(-request.dataBytes());
    return true;
  }

  /**
   * Ends every request with {@code cause}; only the first call counts. To be called when the
   * channel has closed, so that nothing touches the buffers of requests any more.
   */
  void close(ConnectionLost cause) {
    if (!closed.compareAndSet(null, cause)) {
      return;
    }
    // The oldest first: what is asked again on another channel is asked in the same order.
    int last = lastId;
    for (int age = 1; age <= SLOTS; age++) {
      Request<?> request = slots.get(slot(last + age));
      if (request != null && remove(request)) {
        end(request, cause);
      }
    }
    sendQueued();
  }

  private static void end(Request<?> request, ConnectionLost cause) {
    request.settle();
    request.completeExceptionally(cause);
  }

  /** Why it has closed; null while it is open. */
  @Nullable ConnectionLost closedBy() {
    return closed.get();
  }

  /**
   * Ends the requests whose deadline has passed. The server answers in order, so while it answers
   * anything, those behind that are given more time: a slow line may hold the bytes in flight for
   * longer than a timeout. A WRITE is given that time anyway: a server that falls silent loses its
   * channel, and then the bytes can be sent again, which they could not be if nobody knew whether
   * they will still arrive.
   *
   * @param heardNanos when the server last said anything
   * @return the earliest deadline of the others, {@link Long#MAX_VALUE} if there are none, as
   *     nanoseconds from now
   */
  long expire(long nowNanos, long heardNanos) {
    long left = Long.MAX_VALUE;
    for (int slot = 0; slot < SLOTS; slot++) {
      Request<?> request = slots.get(slot);
      if (request != null) {
        left = Math.min(left, expire(request, nowNanos, heardNanos));
      }
    }
    for (Request<?> request : queue) {
      left = Math.min(left, expire(request, nowNanos, heardNanos));
    }
    // Those that ended in the queue make room there.
    sendQueued();
    return left;
  }

  private long expire(Request<?> request, long nowNanos, long heardNanos) {
    if (request.isDone() || bounds.hard()) {
      return Long.MAX_VALUE;
    }
    long timeout = bounds.requestTimeout().toNanos();
    long due = request.deadlineNanos() - nowNanos;
    long patience = due + (MOST_TIMEOUTS - 1) * timeout;
    long silence = heardNanos + timeout - nowNanos;
    long left = request.isWrite() ? patience : Math.min(patience, Math.max(due, silence));
    if (left > 0) {
      return left;
    }
    request.expire(bounds.requestTimeout());
    return Long.MAX_VALUE;
  }

  /** How long the request that was sent first has been in flight; -1 when there is none. */
  long oldestNanosInFlight(long nowNanos) {
    long oldest = -1;
    for (int slot = 0; slot < SLOTS; slot++) {
      Request<?> request = slots.get(slot);
      if (request != null) {
        oldest = Math.max(oldest, nowNanos - request.sentNanos());
      }
    }
    return oldest;
  }

  int requestsInFlight() {
    return requestsInFlight.get();
  }

  int bytesInFlight() {
    return bytesInFlight.get();
  }

  private static int slot(int id) {
    return id & (SLOTS - 1);
  }
}
