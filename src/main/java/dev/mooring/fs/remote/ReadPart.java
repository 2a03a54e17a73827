package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One stretch of a file on its way into one buffer, or there. It is asked for in READs as long as
 * the server takes; what comes back short is asked for again until the file ends. Thread-safe.
 */
final class ReadPart {
  private final long offset;
  private final int length;
  private final int maxRead;
  private final long version;
  private final long knownEnd;
  private final SharedBuffer buffer;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile long doneNanos;

  @GuardedBy("this")
  private int requests;

  /** Where the file ended, counted from the offset; the length while it has not. */
  @GuardedBy("this")
  private int end;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  /**
   * Of bytes from {@code offset} on; takes over the buffer.
   *
   * @param version of the content, as the node counts it, before this is sent
   * @param knownEnd where the file is known to end: what comes back short just there need not be
   *     asked for again
   */
  ReadPart(long offset, int length, int maxRead, long version, long knownEnd, SharedBuffer buffer) {
    this.offset = offset;
    this.length = length;
    this.maxRead = maxRead;
    this.version = version;
    this.knownEnd = knownEnd;
    this.buffer = buffer;
    this.end = length;
  }

  /** Sends all READs. */
  void start(SftpClient client, RemoteHandle handle, Ticks ticks) {
    synchronized (this) {
      requests = (length + maxRead - 1) / maxRead;
    }
    for (int at = 0; at < length; at += maxRead) {
      request(client, handle, ticks, at, Math.min(length, at + maxRead));
    }
  }

  private void request(SftpClient client, RemoteHandle handle, Ticks ticks, int from, int to) {
    buffer.hold();
    CompletableFuture<Integer> reply =
        client.read(handle, offset + from, buffer.slice(from, to - from));
    reply.whenComplete((count, failed) -> {
      boolean cut = count != null && count > 0 && from + count < to;
      if (cut && offset + from + count == knownEnd) {
        ended(from + count, to, -1, failed, ticks);
      } else if (cut && !isOver()) {
        request(client, handle, ticks, from + count, to);
      } else {
        ended(from, to, count, failed, ticks);
      }
      // Last: what is asked for again needs the buffer, which may have no other holder left.
      client.settled(reply).whenComplete((_, _) -> buffer.release());
    });
  }

  private synchronized boolean isOver() {
    return failure != null;
  }

  private void ended(
      int from, int to, @Nullable Integer count, @Nullable Throwable failed, Ticks ticks) {
    boolean last;
    Throwable broken;
    synchronized (this) {
      if (failed != null) {
        failure = failed;
      } else if (count == null || count == 0 || count > to - from) {
        failure = new ErrnoException(Errno.EIO, "a READ was answered with nothing");
      } else if (count < 0) {
        end = Math.min(end, from);
      }
      requests--;
      last = requests == 0;
      broken = failure;
    }
    if (last) {
      doneNanos = ticks.ask().nanos();
      if (broken == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(broken);
      }
    }
  }

  /** Ends when all of it is there, or the file has ended, or it failed. */
  CompletableFuture<Void> done() {
    return done;
  }

  long offset() {
    return offset;
  }

  /** Where it stops: as far as asked, or as far as the file went. */
  synchronized long end() {
    return offset + end;
  }

  synchronized boolean isShort() {
    return end < length;
  }

  boolean isOf(long contentVersion) {
    return version == contentVersion;
  }

  /** Whether it came in at this instant or before. */
  boolean isOlderThan(long nanos) {
    return done.isDone() && doneNanos - nanos <= 0;
  }

  /** Whether it came to nothing: whoever wants it asks anew. */
  boolean hasFailed() {
    return done.isCompletedExceptionally();
  }

  /** Adds what it has of a range to a lease. */
  void lend(SliceLease lease, long from, long to) {
    long start = Math.max(from, offset);
    long stop = Math.min(to, end());
    if (start < stop) {
      lease.add(buffer, (int) (start - offset), (int) (stop - start));
    }
  }

  /** One who wants to look at it later. */
  void hold() {
    buffer.hold();
  }

  /** One less. */
  void release() {
    buffer.release();
  }
}
