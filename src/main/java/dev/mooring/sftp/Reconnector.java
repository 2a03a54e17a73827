package dev.mooring.sftp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.SessionStatus.State;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one channel open: opens it, opens another when it is lost, and has requests wait in the
 * meantime. The monitor guards the fields; nothing is called and no future ends while it is held.
 */
final class Reconnector {
  private static final Logger log = LoggerFactory.getLogger(Reconnector.class);

  /**
   * How often a request is asked again after the server broke the protocol: its own reply may be
   * what breaks it every time.
   */
  private static final int MOST_VIOLATIONS = 2;

  /** A channel that lived this long does not count as an attempt that failed. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** A request for whichever channel comes. */
  private record Waiting<T>(
      Function<SftpChannel, CompletableFuture<T>> verb, CompletableFuture<T> result) {

    void start(SftpChannel channel) {
      if (result.isDone()) {
        return;
      }
      verb.apply(channel)
          .whenComplete((value, failure) -> {
            if (failure != null) {
              result.completeExceptionally(failure);
            } else if (!result.complete(value)) {
              ChannelHandle.closeUnwanted(value);
            }
          });
    }
  }

  private final ChannelSource source;
  private final Pace pace;
  private final SftpSettings settings;
  private final Backoff backoff;
  private final Complaints complaints;
  private final CompletableFuture<SftpChannel> first = new CompletableFuture<>();

  private final AtomicBoolean lossIsLogged = new AtomicBoolean();

  /** Null while there is none; replaced under the monitor, read without it on the hot path. */
  private volatile @Nullable SftpChannel channel;

  @GuardedBy("this")
  private List<Waiting<?>> waiting = new ArrayList<>();

  @GuardedBy("this")
  private State state = State.RECONNECTING;

  @GuardedBy("this")
  private long sinceNanos;

  @GuardedBy("this")
  private long connections;

  @GuardedBy("this")
  private int failures;

  /** How many channels in a row were lost soon: a server that drops us is not asked too often. */
  @GuardedBy("this")
  private int lostSoon;

  @GuardedBy("this")
  private @Nullable IOException lastFailure;

  Reconnector(ChannelSource source, Pace pace, SftpSettings settings, RandomGenerator chance) {
    this.source = source;
    this.pace = pace;
    this.settings = settings;
    this.backoff = new Backoff(chance);
    this.complaints = new Complaints(source.toString(), pace);
    this.sinceNanos = pace.nanoTime();
  }

  /** Begins; the future is how the first attempt ends. */
  CompletableFuture<SftpChannel> start() {
    pace.execute(this::connect);
    return first;
  }

  /** The channel, if there is one. */
  @Nullable SftpChannel channel() {
    return channel;
  }

  /** Asks the channel, or whichever comes within the request timeout. */
  <T> CompletableFuture<T> ask(Function<SftpChannel, CompletableFuture<T>> verb) {
    SftpChannel present = channel;
    return present != null && present.isOpen() ? verb.apply(present) : await(verb);
  }

  /**
   * As {@link #ask}, for what may be asked twice without harm: asks again whenever the channel was
   * lost under it, until the time of one request is over.
   */
  <T> CompletableFuture<T> insist(Function<SftpChannel, CompletableFuture<T>> verb) {
    return insist(verb, pace.nanoTime() + settings.requestTimeout().toNanos(), MOST_VIOLATIONS);
  }

  private <T> CompletableFuture<T> insist(
      Function<SftpChannel, CompletableFuture<T>> verb, long untilNanos, int violationsLeft) {
    return ask(verb)
        .exceptionallyCompose(failed -> {
          int left = violationsLeft - (failed.getCause() instanceof ProtocolViolation ? 1 : 0);
          return SftpClient.isLost(failed) && !isClosed() && isTimeLeft(untilNanos) && left >= 0
              ? insist(verb, untilNanos, left)
              : CompletableFuture.failedFuture(failed);
        });
  }

  private boolean isTimeLeft(long untilNanos) {
    return settings.hard() || untilNanos - pace.nanoTime() > 0;
  }

  private <T> CompletableFuture<T> await(Function<SftpChannel, CompletableFuture<T>> verb) {
    CompletableFuture<T> result = new CompletableFuture<>();
    SftpChannel present;
    IOException refusal = null;
    synchronized (this) {
      present = channel;
      if (present == null || !present.isOpen()) {
        present = null;
        refusal = enqueue(new Waiting<>(verb, result));
      }
    }
    if (present != null) {
      return verb.apply(present);
    }
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    if (settings.hard()) {
      return result;
    }
    Pace.Timer timer = pace.schedule(settings.requestTimeout(), () -> giveUp(result));
    result.whenComplete((value, failure) -> timer.cancel());
    return result;
  }

  @GuardedBy("this")
  private @Nullable IOException enqueue(Waiting<?> request) {
    if (state == State.CLOSED) {
      return new ConnectionLost("the session is closed");
    }
    waiting.removeIf(other -> other.result().isDone());
    if (waiting.size() >= settings.maxWaiting()) {
      return new SftpException(
          SftpStatus.FAILURE, "too many requests wait for the connection to come back");
    }
    waiting.add(request);
    return null;
  }

  /** Without a channel it was never sent; with one it is like any other that gets no reply. */
  private void giveUp(CompletableFuture<?> result) {
    SessionStatus now = status();
    result.completeExceptionally(
        now.state() == State.CONNECTED
            ? new TimeoutException(
                "no reply within " + settings.requestTimeout().toMillis() + " ms")
            : new ConnectionLost("not connected: " + reasonOf(now), now.lastFailure()));
  }

  private static String reasonOf(SessionStatus status) {
    IOException failure = status.lastFailure();
    return failure == null
        ? "the first connection is still being made"
        : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }

  private void connect() {
    SubsystemChannel opened;
    try {
      if (isClosed()) {
        return;
      }
      opened = source.open();
    } catch (IOException | RuntimeException failure) {
      failed(asIOException(failure));
      return;
    }
    SftpChannel.open(opened, pace, settings, nextEpoch())
        .whenComplete((sftp, failure) -> {
          if (sftp != null) {
            connected(sftp);
          } else {
            failed(asIOException(failure));
          }
        });
  }

  /** What opening a channel failed with. */
  static IOException asIOException(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof IOException io ? io : new IOException("opening a channel", cause);
  }

  private synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  private synchronized long nextEpoch() {
    return ++connections;
  }

  /** Those that waited go first: the channel is shown to others when none is left. */
  private void connected(SftpChannel sftp) {
    boolean more = true;
    while (more && sftp.isOpen()) {
      List<Waiting<?>> next = take(sftp);
      next.forEach(request -> request.start(sftp));
      more = !next.isEmpty();
    }
    first.complete(sftp);
    if (isClosed()) {
      sftp.close();
    }
    if (lossIsLogged.getAndSet(false) && sftp.isOpen()) {
      log.info("{}: connected again", source);
    }
    long openedNanos = pace.nanoTime();
    sftp.closed().thenAccept(cause -> lost(cause, pace.nanoTime() - openedNanos));
  }

  private synchronized List<Waiting<?>> take(SftpChannel sftp) {
    List<Waiting<?>> taken = waiting;
    waiting = new ArrayList<>();
    if (taken.isEmpty() && state != State.CLOSED) {
      channel = sftp;
      enter(State.CONNECTED);
    }
    return taken;
  }

  private void lost(ConnectionLost cause, long livedNanos) {
    Duration pause;
    synchronized (this) {
      channel = null;
      if (state == State.CLOSED) {
        return;
      }
      lastFailure = cause;
      lostSoon = livedNanos >= SETTLED.toNanos() ? 0 : lostSoon + 1;
      // Attempts that failed before this channel was opened are over with it.
      failures = lostSoon;
      enter(State.RECONNECTING);
      pause = backoff.after(failures, cause);
    }
    if (complaints.warn(
        Complaints.Kind.CONNECTION,
        "the connection is lost: %s; connecting again".formatted(cause.getMessage()))) {
      lossIsLogged.set(true);
    }
    pace.schedule(pause, this::connect);
  }

  private void failed(IOException failure) {
    Duration pause;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      lastFailure = failure;
      pause = backoff.after(failures, failure);
      failures++;
    }
    first.completeExceptionally(failure);
    pace.schedule(pause, this::connect);
  }

  @GuardedBy("this")
  private void enter(State next) {
    state = next;
    sinceNanos = pace.nanoTime();
  }

  void close() {
    List<Waiting<?>> abandoned;
    SftpChannel last;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      enter(State.CLOSED);
      abandoned = waiting;
      waiting = new ArrayList<>();
      last = channel;
      channel = null;
    }
    ConnectionLost cause = new ConnectionLost("the session is closed");
    first.completeExceptionally(cause);
    abandoned.forEach(request -> request.result().completeExceptionally(cause));
    if (last != null) {
      last.close();
    }
  }

  /** The server, as people call it. */
  @Override
  public String toString() {
    return source.toString();
  }

  synchronized SessionStatus status() {
    SftpChannel present = channel;
    long roundTrip = present == null ? -1 : present.roundTripNanos();
    return new SessionStatus(
        state,
        sinceNanos,
        connections,
        failures,
        lastFailure,
        roundTrip < 0 ? null : Duration.ofNanos(roundTrip));
  }
}
