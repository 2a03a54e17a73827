package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Further handles of a file that turns out to be long, each on a channel for bulk data: the bytes
 * of a stream then hold up neither the metadata of others nor, where the server's window for a
 * channel is too small for the way there, each other. A small file has none. Thread-safe; nothing
 * here waits.
 */
final class BulkHandles {
  /** How much goes over the file's own handle first, and between attempts to have one more. */
  private static final long STEP_BYTES = 2 << 20;

  private final SftpClient client;

  /** Opens the file on a channel once more, if what is at its path is surely it. */
  @FunctionalInterface
  interface Opener {
    CompletableFuture<RemoteHandle> open(CompletableFuture<? extends SftpClient> channel);
  }

  private final Opener opener;

  /** Replaced under the monitor, read without it for every request. */
  private volatile List<RemoteHandle> handles = List.of();

  @GuardedBy("this")
  private long carriedBytes;

  @GuardedBy("this")
  private int opening;

  @GuardedBy("this")
  private boolean closed;

  BulkHandles(SftpClient client, Opener opener) {
    this.client = client;
    this.opener = opener;
  }

  /** Those whose channels are there. */
  List<RemoteHandle> live() {
    List<RemoteHandle> all = handles;
    return all.isEmpty() || all.stream().allMatch(RemoteHandle::isLive)
        ? all
        : all.stream().filter(RemoteHandle::isLive).toList();
  }

  /** The one to read through; null when there is none. */
  @Nullable RemoteHandle forReading() {
    List<RemoteHandle> all = live();
    return all.isEmpty() ? null : all.getFirst();
  }

  /**
   * So many bytes have been carried, and there is more to come.
   *
   * @param own the file's own handle
   * @param writes whether they were written
   */
  void carried(int bytes, RemoteHandle own, boolean writes) {
    synchronized (this) {
      carriedBytes += bytes;
      if (carriedBytes < STEP_BYTES || opening > 0 || closed) {
        return;
      }
      carriedBytes = 0;
      opening = 1;
    }
    List<CompletableFuture<? extends SftpClient>> channels = client.forBulk(own, live(), writes);
    synchronized (this) {
      opening = channels.size();
    }
    channels.forEach(channel -> opener.open(channel).whenComplete((handle, _) -> opened(handle)));
  }

  private void opened(@Nullable RemoteHandle handle) {
    boolean late;
    synchronized (this) {
      opening--;
      late = closed;
      if (handle != null && !late) {
        handles = Stream.concat(live().stream(), Stream.of(handle)).toList();
      }
    }
    if (handle != null && late) {
      client.close(handle);
    }
  }

  /** Closes them all, which nobody waits for. */
  void close() {
    List<RemoteHandle> all;
    synchronized (this) {
      closed = true;
      all = live();
      handles = List.of();
    }
    all.forEach(client::close);
  }
}
