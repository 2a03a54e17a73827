package dev.mooring.fs.remote;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens files again whose channel died: never creating or emptying, and only if the path still
 * leads to the same file, as far as type, size, time of change and the bytes that we last wrote
 * tell. Tries until the recovery time is over. Thread-safe; nothing here waits.
 */
final class Reopening {
  private static final Logger LOG = LoggerFactory.getLogger(Reopening.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final SftpClient client;
  private final Pace pace;
  private final ServerClock clock;
  private final @Nullable Duration recovery;

  /** Where a node is at present. */
  @FunctionalInterface
  interface Paths {
    RemotePath of(RemoteNode node) throws ErrnoException;
  }

  private final Paths paths;
  private final AtomicInteger openFiles = new AtomicInteger();

  Reopening(
      SftpClient client, Pace pace, ServerClock clock, @Nullable Duration recovery, Paths paths) {
    this.client = client;
    this.pace = pace;
    this.clock = clock;
    this.recovery = recovery;
    this.paths = paths;
  }

  SftpClient client() {
    return client;
  }

  /** How many files are open on the server. */
  int openFiles() {
    return openFiles.get();
  }

  /** A file is open, until it is closed with {@link #close}. */
  void opened() {
    openFiles.incrementAndGet();
  }

  /** Closes a handle, which nobody waits for: what the server says to that is for the log. */
  void close(RemoteNode node, RemoteHandle handle) {
    openFiles.decrementAndGet();
    client
        .close(handle)
        .whenComplete((_, failed) -> {
          if (failed != null && Wire.cause(failed) instanceof SftpException refusal) {
            LOG.warn(
                "closing {} failed on the server, what was written may not be there: {}",
                node,
                refusal.getMessage());
          }
        });
  }

  /**
   * One handle more on a channel for bulk data. Here nothing is lost when it fails, so that it must
   * be surely the file: what was written is read back, or the file has its times for so long that
   * whatever had replaced it would have others.
   */
  CompletableFuture<RemoteHandle> openBulk(
      RemoteNode node, int mode, CompletableFuture<? extends SftpClient> channel) {
    RemotePath path;
    try {
      path = paths.of(node);
    } catch (ErrnoException unlinked) {
      return CompletableFuture.failedFuture(unlinked);
    }
    return client
        .lstat(path)
        .thenCombine(
            channel,
            (now, on) ->
                isSurely(node, now)
                    ? on.open(path, mode | OpenMode.READ, RemoteAttributes.NONE)
                    : CompletableFuture.<RemoteHandle>failedFuture(ServerFile.stale(node)))
        .thenCompose(opened -> opened)
        .thenCompose(handle ->
            verified(node, handle, client.fstat(handle).thenApply(now -> isSurely(node, now))));
  }

  private boolean isSurely(RemoteNode node, RemoteAttributes now) {
    return Identity.isStill(node, now)
        && (!node.writes().samples().isEmpty() || Identity.isSettled(node, now, clock.now()));
  }

  /** The file's new handle; ends with ESTALE when something else is there. */
  CompletableFuture<RemoteHandle> open(RemoteNode node, int mode) {
    CompletableFuture<RemoteHandle> result = new CompletableFuture<>();
    attempt(node, mode, result, pace.nanoTime());
    return result;
  }

  private void attempt(
      RemoteNode node, int mode, CompletableFuture<RemoteHandle> result, long beganNanos) {
    RemotePath path;
    try {
      path = paths.of(node);
    } catch (ErrnoException unlinked) {
      result.completeExceptionally(unlinked);
      return;
    }
    // LSTAT first: what is there now may be a FIFO, and opening one would block the channel.
    client
        .lstat(path)
        .thenCompose(now ->
            Identity.isStill(node, now)
                ? readable(path, mode)
                    .thenCompose(
                        handle -> verified(node, handle, CompletableFuture.completedFuture(true)))
                : CompletableFuture.failedFuture(ServerFile.stale(node)))
        .whenComplete((handle, failed) -> {
          if (handle != null) {
            result.complete(handle);
          } else if (isWorthRetrying(Wire.cause(failed)) && mayRetry(beganNanos)) {
            pace.schedule(PAUSE, () -> attempt(node, mode, result, beganNanos));
          } else {
            result.completeExceptionally(Wire.cause(failed));
          }
        });
  }

  /** Open for reading too if that is allowed, so that what was written can be looked at. */
  private CompletableFuture<RemoteHandle> readable(RemotePath path, int mode) {
    return client
        .open(path, mode | OpenMode.READ, RemoteAttributes.NONE)
        .exceptionallyCompose(failed ->
            Wire.cause(failed) instanceof SftpException refusal
                    && refusal.status() == SftpStatus.PERMISSION_DENIED
                ? client.open(path, mode, RemoteAttributes.NONE)
                : CompletableFuture.failedFuture(failed));
  }

  /** Reads back what we last wrote: a file that lacks it is another one, or has lost it. */
  private CompletableFuture<RemoteHandle> verified(
      RemoteNode node, RemoteHandle handle, CompletableFuture<Boolean> further) {
    List<CompletableFuture<Boolean>> checks =
        Stream.concat(
                Stream.of(further),
                node.writes().samples().stream().map(sample -> isThere(handle, sample)))
            .toList();
    return CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new))
        .thenCompose(_ ->
            checks.stream().allMatch(CompletableFuture::resultNow)
                ? CompletableFuture.completedFuture(handle)
                : CompletableFuture.failedFuture(ServerFile.stale(node)))
        .whenComplete((_, failed) -> {
          if (failed != null) {
            client.close(handle);
          }
        });
  }

  /** A file that may be written only cannot be looked at, and is believed. */
  private CompletableFuture<Boolean> isThere(RemoteHandle handle, Footprint.Sample sample) {
    ByteBuffer found = ByteBuffer.allocate(sample.length());
    return client
        .read(handle, sample.offset(), found)
        .thenApply(count -> count >= 0 && (count < sample.length() || sample.isOf(found)))
        .exceptionallyCompose(failed ->
            Wire.cause(failed) instanceof SftpException
                ? CompletableFuture.completedFuture(true)
                : CompletableFuture.failedFuture(failed));
  }

  /** Only the server's own word is final. */
  private static boolean isWorthRetrying(Throwable failure) {
    return SftpClient.isLost(failure) || failure instanceof TimeoutException;
  }

  private boolean mayRetry(long beganNanos) {
    return recovery == null || pace.nanoTime() - beganNanos < recovery.toNanos();
  }
}
