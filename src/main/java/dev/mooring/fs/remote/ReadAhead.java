package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads one open file, ahead of its reader where that reads on and on.
 *
 * <p>The window opens at 128 KiB when a read begins where the last one ended, and doubles each time
 * the reader has to wait, so that it becomes as wide as the round trip needs. The kernel's own
 * read-ahead sends its requests out of order; those that are near do not close the window. A read
 * elsewhere closes it and asks for just its own bytes. It is no wider than twice what a round trip
 * brings, and a file that nobody reads any more gives back what was read ahead of it.
 *
 * <p>Buffers of what somebody waits for are reserved before, all at once, and leave with the reply;
 * only speculative buffers stay. Thread-safe; nothing waits under the lock.
 */
final class ReadAhead {
  private static final int FIRST_WINDOW = 128 * 1024;

  /** What may be in flight whatever a round trip carries; sshd is not asked for less. */
  private static final int LEAST_WIDEST = 2 << 20;

  /** What was read ahead goes back when nobody has read for so long: others may need the memory. */
  private static final Duration IDLE = Duration.ofSeconds(2);

  /** How far from the last read another one still belongs to the same stream. */
  private static final int NEAR = 1 << 20;

  /** What all open files of a file system share. */
  record Source(
      SftpClient client,
      Pace pace,
      Wire wire,
      Ticks ticks,
      BufferPool pool,
      int most,
      Duration age,
      Duration openAge) {
    int maxRead(int wanted) {
      return Math.min(Math.min(wanted, client.limits().maxReadBytes()), BufferPool.BUFFER_BYTES);
    }
  }

  private final Source source;
  private final ServerFile file;
  private final int maxRead;
  private final int partBytes;

  @GuardedBy("this")
  private final TreeMap<Long, ReadPart> ahead = new TreeMap<>();

  @GuardedBy("this")
  private long next;

  @GuardedBy("this")
  private int window;

  @GuardedBy("this")
  private long readNanos;

  /** Whether a timer looks after {@link #IDLE}. */
  @GuardedBy("this")
  private boolean watched;

  @GuardedBy("this")
  private boolean closed;

  ReadAhead(Source source, ServerFile file, int maxReadBytes) {
    this.source = source;
    this.file = file;
    maxRead = source.maxRead(maxReadBytes);
    partBytes = BufferPool.BUFFER_BYTES / maxRead * maxRead;
  }

  /**
   * Reads a range whose pending writes have been waited for.
   *
   * @param version of the content before that
   */
  Lease read(long offset, int length, long version, Caller caller) throws ErrnoException {
    List<ReadPart> parts = cover(offset, offset + length, version, caller);
    try {
      boolean stalled = !parts.stream().allMatch(part -> part.done().isDone());
      if (stalled) {
        caller.beforeWaiting();
      }
      readOn(offset, offset + length, version, stalled);
      for (ReadPart part : parts) {
        source.wire().settle(part.done(), caller);
        if (part.done().isCompletedExceptionally()) {
          drop();
          throw failure(part);
        }
      }
      return lend(parts, offset, offset + length);
    } finally {
      parts.forEach(ReadPart::release);
    }
  }

  private static ErrnoException failure(ReadPart part) {
    Throwable failure = Wire.failure(part.done());
    return failure instanceof SftpException refusal
        ? StatusTranslation.exception(Operation.READ, refusal)
        : Wire.broken(failure);
  }

  private static Lease lend(List<ReadPart> parts, long from, long to) {
    SliceLease lease = new SliceLease();
    for (ReadPart part : parts) {
      part.lend(lease, from, to);
      if (part.isShort()) {
        break;
      }
    }
    return lease;
  }

  /** Parts, each held once for the caller, which cover a range without holes. */
  private List<ReadPart> cover(long from, long to, long version, Caller caller)
      throws ErrnoException {
    List<long[]> holes = new ArrayList<>();
    List<ReadPart> found = find(from, to, version, holes);
    if (holes.isEmpty()) {
      return found;
    }
    int count = holes.size();
    CompletableFuture<Void> reserved = source.pool().reserve(count);
    try {
      caller.beforeWaiting();
      source.wire().settle(reserved, caller);
    } catch (ErrnoException e) {
      source.pool().abandon(reserved, count);
      found.forEach(ReadPart::release);
      throw e;
    }
    for (long[] hole : holes) {
      int length = (int) (hole[1] - hole[0]);
      ReadPart part =
          new ReadPart(hole[0], length, maxRead, version, knownSize(), source.pool().take());
      part.start(source.client(), handle(), source.ticks());
      found.add(part);
    }
    found.sort(Comparator.comparingLong(ReadPart::offset));
    return found;
  }

  /** What has been read ahead of a range, held; what is missing, in pieces, goes into holes. */
  private synchronized List<ReadPart> find(long from, long to, long version, List<long[]> holes) {
    dropOutdated(version);
    List<ReadPart> found = new ArrayList<>();
    Map.Entry<Long, ReadPart> before = ahead.floorEntry(from);
    long at = from;
    for (ReadPart part : ahead.tailMap(before == null ? from : before.getKey()).values()) {
      if (part.offset() >= to) {
        break;
      }
      if (part.end() > at && (!part.isShort() || part.end() >= to || part.end() == freshSize())) {
        addHoles(holes, at, part.offset());
        part.hold();
        found.add(part);
        at = part.end();
      }
    }
    // The kernel reads whole pages; behind the end of a file there is nothing to ask for.
    if (found.isEmpty() || at != freshSize()) {
      addHoles(holes, at, to);
    }
    return found;
  }

  private void addHoles(List<long[]> holes, long from, long to) {
    for (long at = from; at < to; at += partBytes) {
      holes.add(new long[] {at, Math.min(to, at + partBytes)});
    }
  }

  @GuardedBy("this")
  private void dropOutdated(long version) {
    long oldest = source.pace().nanoTime() - source.age().toNanos();
    ahead
        .values()
        .removeIf(part -> {
          boolean outdated = !part.isOf(version) || part.isOlderThan(oldest) || part.hasFailed();
          if (outdated) {
            part.release();
          }
          return outdated;
        });
  }

  /** Moves the window along and asks for what has come into it. */
  private void readOn(long from, long to, long version, boolean stalled) {
    List<ReadPart> started = new ArrayList<>();
    boolean streams;
    boolean watch;
    synchronized (this) {
      if (closed || source.most() == 0) {
        return;
      }
      readNanos = source.pace().nanoTime();
      boolean exact = from == next;
      boolean near = window > 0 && Math.abs(from - next) <= NEAR;
      if (!exact && !near) {
        dropAll();
        window = 0;
        next = to;
        return;
      }
      next = Math.max(next, to);
      if (window == 0 || stalled) {
        window = Math.max(FIRST_WINDOW, window * 2);
      }
      window = Math.min(window, widest());
      dropBehind(from - NEAR);
      extend(started, version);
      streams = knownSize() - next > window;
      watch = !watched && !ahead.isEmpty();
      watched |= watch;
    }
    if (watch) {
      source.pace().schedule(IDLE, this::idle);
    }
    if (streams) {
      file.bulk().carried((int) (to - from), file.handle(), false);
    }
    for (ReadPart part : started) {
      part.start(source.client(), handle(), source.ticks());
      part.release();
    }
  }

  /** Where the reader keeps up with what comes, twice what one round trip brings is enough. */
  @GuardedBy("this")
  private int widest() {
    RemoteHandle bulk = file.bulk().forReading();
    long brought = source.client().readBytesPerRoundTrip(file.handle());
    if (bulk != null) {
      brought = Math.max(brought, source.client().readBytesPerRoundTrip(bulk));
    }
    int most = source.most();
    return brought < 0 ? most : Math.clamp(2 * brought, Math.min(LEAST_WIDEST, most), most);
  }

  private RemoteHandle handle() {
    RemoteHandle bulk = isStreaming() ? file.bulk().forReading() : null;
    return bulk == null ? file.handle() : bulk;
  }

  private synchronized boolean isStreaming() {
    return window > FIRST_WINDOW;
  }

  @GuardedBy("this")
  private void extend(List<ReadPart> started, long version) {
    long size = knownSize();
    long end = ahead.isEmpty() ? next : Math.max(next, ahead.lastEntry().getValue().end());
    long target = Math.min(next + window, size);
    while (end < target && (target - end >= partBytes || end == next || target == size)) {
      SharedBuffer buffer = source.pool().takeSpeculative();
      if (buffer == null) {
        return;
      }
      int length = (int) Math.min(partBytes, target - end);
      ReadPart part = new ReadPart(end, length, maxRead, version, size, buffer);
      ahead.put(end, part);
      // Once more, until it has been started: others may drop what is ahead before that.
      part.hold();
      started.add(part);
      end += length;
    }
    if (next >= size) {
      dropAll();
    }
  }

  /** The size, if it was asked for so lately that it holds for an open file; else -1. */
  private long freshSize() {
    AttributeCache.@Nullable Seen seen = file.node().attributes().seen();
    Long size = seen == null ? null : seen.attributes().size();
    boolean fresh = seen != null && source.ticks().isFresh(seen.asked(), source.openAge());
    return fresh && size != null ? size : -1;
  }

  private long knownSize() {
    AttributeCache.@Nullable Seen seen = file.node().attributes().last();
    Long size = seen == null ? null : seen.attributes().size();
    return size == null ? Long.MAX_VALUE : size;
  }

  @GuardedBy("this")
  private void dropBehind(long before) {
    while (!ahead.isEmpty() && ahead.firstEntry().getValue().end() <= before) {
      ahead.pollFirstEntry().getValue().release();
    }
  }

  @GuardedBy("this")
  private void dropAll() {
    ahead.values().forEach(ReadPart::release);
    ahead.clear();
  }

  private void idle() {
    Duration left;
    synchronized (this) {
      left = IDLE.minusNanos(source.pace().nanoTime() - readNanos);
      if (!left.isPositive()) {
        drop();
      }
      watched = !ahead.isEmpty();
      if (!watched) {
        return;
      }
    }
    source.pace().schedule(left, this::idle);
  }

  /** Takes over what was read before the file was opened, as its caller holds it. */
  void take(ReadPart content) {
    synchronized (this) {
      ahead.put(content.offset(), content);
      readNanos = source.pace().nanoTime();
      watched = true;
    }
    source.pace().schedule(IDLE, this::idle);
  }

  /** Forgets what was read ahead. */
  synchronized void drop() {
    dropAll();
    window = 0;
  }

  /** Forgets it and reads no more ahead. */
  synchronized void close() {
    closed = true;
    drop();
  }
}
