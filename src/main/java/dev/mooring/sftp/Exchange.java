package dev.mooring.sftp;

import dev.mooring.fs.Pace;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of one channel: INIT and VERSION, then requests and replies, until it closes.
 *
 * <p>Any thread submits. Replies come on the channel's I/O thread, which ends the futures. When the
 * server breaks the protocol or stays silent, the channel is closed with a cause that says so.
 */
final class Exchange implements SubsystemChannel.Receiver, PacketFramer.Sink {
  private static final int VERSION = 3;

  /** How many timeouts long a server with requests to answer may send nothing at all. */
  private static final int SILENT_TIMEOUTS = 2;

  /** So many bytes of a packet count as an answer: a slow line may carry it, a drip may not. */
  private static final int HEARD_BYTES = 4096;

  /**
   * Deadlines are checked together if they are closer to each other than this part of a timeout.
   */
  private static final int SWEEPS_PER_TIMEOUT = 100;

  private final SubsystemChannel channel;
  private final Pace pace;
  private final Duration timeout;
  private final RequestTable table;
  private final PacketFramer framer = new PacketFramer(this);
  private final CompletableFuture<Set<Extension>> version = new CompletableFuture<>();
  private final CompletableFuture<ConnectionLost> closed = new CompletableFuture<>();

  /** Why we close the channel, when it is we who do. */
  private final AtomicReference<@Nullable ConnectionLost> ourReason = new AtomicReference<>();

  private final AtomicBoolean sweeping = new AtomicBoolean();

  /** When a packet was last complete, or had {@link #HEARD_BYTES} more. */
  private volatile long heardNanos;

  /** What came since then; only the I/O thread counts. */
  private int unheardBytes;

  private final RoundTrip roundTrip = new RoundTrip();

  Exchange(SubsystemChannel channel, Pace pace, SftpSettings settings) {
    this.channel = channel;
    this.pace = pace;
    this.timeout = settings.requestTimeout();
    this.table = new RequestTable(settings, pace::nanoTime, channel::send);
    this.heardNanos = pace.nanoTime();
  }

  /** Begins; the future is what VERSION announced, or why there was none. */
  CompletableFuture<Set<Extension>> start() {
    channel.start(this);
    channel.send(List.of(Requests.init()));
    Pace.Timer timer =
        pace.schedule(
            timeout,
            () -> breakOff("the server does not begin SFTP within " + timeout.toMillis() + " ms"));
    return version.whenComplete((extensions, failure) -> timer.cancel());
  }

  /** Sends a request as soon as there is room. */
  <T> Request<T> submit(Request<T> request) {
    request.mustEndBy(pace.nanoTime() + timeout.toNanos());
    table.submit(request);
    if (!sweeping.get()) {
      sweepAfter(timeout.toNanos());
    }
    return request;
  }

  /** Whether requests still have a chance. */
  boolean isOpen() {
    return table.closedBy() == null && ourReason.get() == null;
  }

  /** Completes, always normally, when everything in flight has ended. */
  CompletableFuture<ConnectionLost> closed() {
    return closed;
  }

  /** What a round trip takes when nothing is in its way; -1 when unknown. */
  long roundTripNanos() {
    return roundTrip.nanos();
  }

  /** How many bytes READ brings in one round trip; -1 when unknown. */
  long readBytesPerRoundTrip() {
    return perRoundTrip(table.reads());
  }

  /** How many bytes WRITE takes there in one round trip; -1 when unknown. */
  long writtenBytesPerRoundTrip() {
    return perRoundTrip(table.writes());
  }

  private long perRoundTrip(Flow flow) {
    long nanos = roundTrip.nanos();
    return nanos < 0 || flow.carried() == 0 ? -1 : flow.bytesIn(nanos);
  }

  int requestsInFlight() {
    return table.requestsInFlight();
  }

  /** Closes the channel; everything in flight ends with this reason. Never waits. */
  void breakOff(String reason) {
    breakOff(new ConnectionLost(reason));
  }

  private void breakOff(ConnectionLost reason) {
    ourReason.compareAndSet(null, reason);
    channel.close();
  }

  @Override
  public void received(ByteBuffer bytes) {
    if (ourReason.get() != null) {
      return;
    }
    unheardBytes += bytes.remaining();
    if (unheardBytes >= HEARD_BYTES) {
      heard();
    }
    try {
      framer.receive(bytes);
    } catch (ProtocolViolation violation) {
      breakOff(asLoss(violation));
    }
  }

  private void heard() {
    heardNanos = pace.nanoTime();
    unheardBytes = 0;
  }

  private ConnectionLost asLoss(ProtocolViolation violation) {
    String what =
        version.isDone()
            ? "the server broke the SFTP protocol: "
            : "the server does not begin with SFTP (does its shell print something at login?): ";
    return new ConnectionLost(what + violation.getMessage(), violation);
  }

  @Override
  public void closed(ConnectionLost cause) {
    ConnectionLost ours = ourReason.get();
    ConnectionLost reason = ours == null ? cause : ours;
    table.close(reason);
    version.completeExceptionally(reason);
    closed.complete(reason);
  }

  @Override
  public void packet(byte type, int id, ByteBuffer fields) {
    heard();
    if (type == PacketType.VERSION) {
      greeted(id, new PacketReader(fields));
      return;
    }
    Request<?> request = take(id);
    try {
      request.answer(type, fields);
    } catch (ProtocolViolation violation) {
      request.completeExceptionally(asLoss(violation));
      throw violation;
    }
  }

  @Override
  public ByteBuffer destination(int id, int length) {
    return table.inFlight(id).destinationFor(length);
  }

  @Override
  public void dataArrived(int id, int length) {
    heard();
    take(id).answerData(length);
  }

  private Request<?> take(int id) {
    long now = heardNanos;
    Request<?> request = table.take(id);
    if (request.wasAlone() && request.dataBytes() == 0) {
      roundTrip.measured(now - request.sentNanos(), now);
    }
    return request;
  }

  private void greeted(int number, PacketReader pairs) {
    if (number != VERSION) {
      throw new ProtocolViolation("version " + Integer.toUnsignedString(number) + ", not 3");
    }
    Map<String, String> announced = new HashMap<>();
    while (pairs.hasMore()) {
      announced.put(pairs.text(), pairs.text());
    }
    Set<Extension> known = EnumSet.noneOf(Extension.class);
    for (Extension extension : Extension.values()) {
      if (extension.version().equals(announced.get(extension.wireName()))) {
        known.add(extension);
      }
    }
    if (!version.complete(known)) {
      throw new ProtocolViolation("VERSION in the middle");
    }
  }

  /**
   * One timer for all deadlines: it runs while anything is in flight, and for all requests of the
   * time in between it is the same one.
   */
  private void sweepAfter(long nanos) {
    if (sweeping.compareAndSet(false, true)) {
      pace.schedule(Duration.ofNanos(nanos), this::sweep);
    }
  }

  private void sweep() {
    long now = pace.nanoTime();
    long left = Math.min(table.expire(now, heardNanos), untilSilenceCounts(now));
    sweeping.set(false);
    if (left <= 0) {
      breakOff(
          "the server answers nothing for %d ms, with %d requests in flight"
              .formatted(SILENT_TIMEOUTS * timeout.toMillis(), table.requestsInFlight()));
    } else if (left < Long.MAX_VALUE || table.requestsInFlight() > 0) {
      // A request that came after expire() had looked found the sweep still running.
      sweepAfter(Math.clamp(left, timeout.toNanos() / SWEEPS_PER_TIMEOUT, timeout.toNanos()));
    }
  }

  private long untilSilenceCounts(long now) {
    long waiting = table.oldestNanosInFlight(now);
    if (waiting < 0) {
      return Long.MAX_VALUE;
    }
    long silent = Math.min(waiting, now - heardNanos);
    return SILENT_TIMEOUTS * timeout.toNanos() - silent;
  }
}
