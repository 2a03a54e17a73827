package dev.mooring.sftp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Pace;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of a session for the bytes of large files, beside the one for everything else:
 * opened when they are wanted, and closed when somebody looks, twice a minute, and nobody has a
 * handle on one. Where the server refuses one, none is asked for in the next minute, and the
 * session goes on with those that it has. The monitor guards the fields; nothing is called and no
 * future ends while it is held.
 */
final class BulkChannels {
  private static final Logger log = LoggerFactory.getLogger(BulkChannels.class);

  private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMinutes(1);
  private static final Duration PAUSE_AFTER_LOSS = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** Their epochs begin here, so that none is that of a channel that {@link Reconnector} opened. */
  private static final long FIRST_EPOCH = 1L << 32;

  /**
   * The server's window for a channel is 2 MiB. Where a channel takes this much in a round trip,
   * its window holds it up; where the line or the server does, it takes less.
   */
  private static final long NEARLY_A_WINDOW = 5 << 18;

  private final ChannelSource source;
  private final Pace pace;
  private final SftpSettings settings;
  private final Supplier<ServerLimits> limits;

  @GuardedBy("this")
  private final List<SftpChannel> open = new ArrayList<>();

  /** Those that are being opened, for all who want one. */
  @GuardedBy("this")
  private final List<CompletableFuture<SftpChannel>> opening = new ArrayList<>();

  @GuardedBy("this")
  private long opened;

  @GuardedBy("this")
  private @Nullable Long pausedUntilNanos;

  /** Whether a timer looks for idle ones. */
  @GuardedBy("this")
  private boolean watched;

  @GuardedBy("this")
  private boolean told;

  @GuardedBy("this")
  private boolean closed;

  /**
   * None so far.
   *
   * @param limits of the server, as it said on the first channel; it need not be asked again
   */
  BulkChannels(
      ChannelSource source, Pace pace, SftpSettings settings, Supplier<ServerLimits> limits) {
    this.limits = limits;
    this.source = source;
    this.pace = pace;
    this.settings = settings;
  }

  /** See {@link SftpClient#forBulk}. */
  List<CompletableFuture<? extends SftpClient>> besides(
      SftpChannel own, Collection<SftpChannel> used, boolean writes) {
    Collection<SftpChannel> present = used.isEmpty() ? List.of(own) : used;
    boolean heldUp = writes && present.stream().allMatch(BulkChannels::isHeldUp);
    int wanted = heldUp ? settings.maxChannels() - 1 - used.size() : used.isEmpty() ? 1 : 0;
    List<CompletableFuture<? extends SftpClient>> found = new ArrayList<>();
    List<CompletableFuture<SftpChannel>> ours = new ArrayList<>();
    synchronized (this) {
      open.stream()
          .filter(channel -> channel.isOpen() && !used.contains(channel))
          .sorted(Comparator.comparingInt(SftpChannel::openHandles))
          .limit(wanted)
          .forEach(channel -> found.add(CompletableFuture.completedFuture(channel)));
      opening.stream().limit(wanted - found.size()).forEach(found::add);
      while (found.size() < wanted && mayOpen()) {
        CompletableFuture<SftpChannel> promised = new CompletableFuture<>();
        opening.add(promised);
        ours.add(promised);
        found.add(promised);
      }
    }
    ours.forEach(promised -> pace.execute(() -> connect(promised)));
    return found;
  }

  private static boolean isHeldUp(SftpChannel channel) {
    return channel.writtenBytesPerRoundTrip() >= NEARLY_A_WINDOW;
  }

  @GuardedBy("this")
  private boolean mayOpen() {
    boolean paused = pausedUntilNanos != null && pace.nanoTime() - pausedUntilNanos < 0;
    return !closed && !paused && open.size() + opening.size() < settings.maxChannels() - 1;
  }

  private void connect(CompletableFuture<SftpChannel> promised) {
    SubsystemChannel raw;
    try {
      raw = source.openBeside();
    } catch (IOException | RuntimeException refused) {
      failed(promised, Reconnector.asIOException(refused));
      return;
    }
    SftpChannel.open(raw, pace, settings, nextEpoch(), limits.get())
        .whenComplete((channel, failure) -> {
          if (channel == null) {
            failed(promised, Reconnector.asIOException(failure));
          } else {
            ready(promised, channel);
          }
        });
  }

  private synchronized long nextEpoch() {
    return FIRST_EPOCH + opened++;
  }

  private void failed(CompletableFuture<SftpChannel> promised, IOException failure) {
    boolean first;
    synchronized (this) {
      opening.removeIf(other -> other == promised);
      pause(PAUSE_AFTER_REFUSAL);
      first = !told && !closed;
      told = true;
    }
    if (first) {
      log.info("large files share a channel with all else: {}", failure.getMessage());
    }
    promised.completeExceptionally(failure);
  }

  private void ready(CompletableFuture<SftpChannel> promised, SftpChannel channel) {
    boolean unwanted;
    boolean watch;
    synchronized (this) {
      opening.removeIf(other -> other == promised);
      unwanted = closed;
      watch = !watched && !unwanted;
      watched |= watch;
      if (!unwanted) {
        open.add(channel);
      }
    }
    if (unwanted) {
      channel.close();
      promised.completeExceptionally(new ConnectionLost("the session is closed"));
      return;
    }
    channel.closed().thenAccept(cause -> lost(channel));
    promised.complete(channel);
    if (watch) {
      pace.schedule(IDLE, this::closeIdle);
    }
  }

  private synchronized void lost(SftpChannel channel) {
    if (open.remove(channel)) {
      pause(PAUSE_AFTER_LOSS);
    }
  }

  @GuardedBy("this")
  private void pause(Duration time) {
    pausedUntilNanos = pace.nanoTime() + time.toNanos();
  }

  private void closeIdle() {
    List<SftpChannel> idle;
    boolean more;
    synchronized (this) {
      idle = open.stream().filter(Predicate.not(SftpChannel::isBusy)).toList();
      open.removeAll(idle);
      more = !open.isEmpty();
      watched = more;
    }
    idle.forEach(SftpChannel::close);
    if (more) {
      pace.schedule(IDLE, this::closeIdle);
    }
  }

  /** Closes all of them. Never waits. */
  void close() {
    List<SftpChannel> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(open);
      open.clear();
    }
    all.forEach(SftpChannel::close);
  }
}
