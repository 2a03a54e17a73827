package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one node that the server has not acknowledged, whoever made them, in one line.
 *
 * <p>Adjacent writes join up to the longest WRITE. What is full goes out at once, what is not goes
 * out when something is wanted behind it or after five milliseconds. Requests that must see the
 * writes (fstat, fsync, truncate) queue up behind them and travel in the same burst. Writes through
 * another handle wait until those before them are acknowledged, for handles may be on different
 * channels. When a channel dies, positional writes are sent again after the file was opened again.
 *
 * <p>Driven by callers, timers and replies; nothing here waits. Thread-safe: one thread at a time
 * sends, so that the order of the line is the order on the wire.
 */
final class WriteBehind {
  private static final Duration IDLE = Duration.ofMillis(5);

  /** What all nodes of a file system share. */
  record Server(SftpClient client, Pace pace, Ticks ticks, RemoteSettings.Transfer transfer) {
    int maxWriteBytes() {
      return Math.min(transfer.maxWriteBytes(), client.limits().maxWriteBytes());
    }
  }

  private final Server server;
  private final WriteLine line;
  private final WriteChange change;
  private final AttributeCache attributes;
  private final WriteErrors errors = new WriteErrors();
  private final Footprint footprint = new Footprint();
  private final AtomicInteger pumping = new AtomicInteger();
  private final AtomicLong acknowledgedBytes = new AtomicLong();

  @GuardedBy("this")
  private boolean timing;

  WriteBehind(Server server, AttributeCache attributes) {
    this.server = server;
    this.attributes = attributes;
    line = new WriteLine(server.transfer().writeBufferBytes());
    change = new WriteChange(server.ticks(), attributes);
  }

  WriteErrors errors() {
    return errors;
  }

  Footprint footprint() {
    return footprint;
  }

  /** The size or content changes in another way than by what was taken in here. */
  void resized() {
    footprint.resized(server.ticks().next(), line.lastNumber());
  }

  /** Acknowledged bytes that what is still in line does not touch: they must be in the file. */
  List<Footprint.Sample> samples() {
    return line.untouched(footprint.samples());
  }

  /** Whether anything waits in line or is on its way. */
  boolean isBusy() {
    return !line.isEmpty();
  }

  /** How many bytes the server has not acknowledged. */
  long dirtyBytes() {
    return line.dirtyBytes();
  }

  /** Done when there may be room for that many bytes more. */
  CompletableFuture<Void> room(int bytes) {
    return line.room(bytes);
  }

  /** How many bytes the server has acknowledged so far. */
  long acknowledgedBytes() {
    return acknowledgedBytes.get();
  }

  /**
   * Drops what is not on its way, and what is if it comes back: it is never sent any more. All of
   * it counts as lost from now on, so that nobody hears of it a second time when it ends.
   */
  void drop(ErrnoException reason) {
    WriteLine.Abandoned abandoned = line.abandon();
    if (abandoned.bytes() > 0) {
      errors.latch(reason, abandoned.bytes());
    }
    abandoned.unsent().forEach(item -> finish(item, reason, null));
    pump();
  }

  /** Takes bytes in, which lie in {@code buffer}; holds the buffer as long as it needs it. */
  void write(ServerFile file, long offset, SharedBuffer buffer, int from, int length) {
    boolean startTimer;
    synchronized (line) {
      long end = taken(file, offset, length);
      for (int done = 0; done < length; ) {
        PendingWrite.Extent last = joining(file, offset + done, end < 0 ? end : end + done);
        int bytes = Math.min(length - done, last.room(file, offset + done));
        last.add(buffer, from + done, bytes);
        done += bytes;
      }
    }
    synchronized (this) {
      startTimer = !timing;
      timing = true;
    }
    if (startTimer) {
      server.pace().schedule(IDLE, this::idle);
    }
    pump();
  }

  /** Answers how long the file is before that; negative when that is not known. */
  private long taken(ServerFile file, long offset, int length) {
    line.dirtied(length);
    return footprint.taken(
        file.appends(), offset, length, server.ticks().next(), attributes.last());
  }

  private PendingWrite.Extent joining(ServerFile file, long at, long end) {
    PendingWrite.Extent last = line.lastUnsent();
    if (last != null && last.room(file, at) > 0) {
      return last;
    }
    PendingWrite.Extent fresh =
        new PendingWrite.Extent(line.nextNumber(), file, at, end, server.maxWriteBytes());
    change.queued(true);
    line.add(fresh);
    return fresh;
  }

  /**
   * Copies a small write behind the last one, where that is not sent yet and has room in its
   * memory; false when it does not join.
   */
  boolean join(ServerFile file, long offset, ByteBuffer bytes) {
    synchronized (line) {
      int length = bytes.remaining();
      PendingWrite.Extent last = line.lastUnsent();
      if (last == null || last.room(file, offset) < length || !last.copy(bytes)) {
        return false;
      }
      taken(file, offset, length);
      change.grown();
    }
    pump();
    return true;
  }

  private void idle() {
    synchronized (this) {
      timing = false;
    }
    line.hurry();
    pump();
  }

  /**
   * Sends a request behind all writes taken in so far, on the handle of {@code file}, and all of
   * them at once.
   */
  <T> CompletableFuture<T> behind(
      ServerFile file, boolean changes, Function<RemoteHandle, CompletableFuture<T>> request) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    synchronized (line) {
      if (changes) {
        resized();
      }
      change.queued(changes);
      line.add(new PendingWrite.Behind<>(line.nextNumber(), file, changes, request, reply));
      line.hurry();
    }
    pump();
    return reply;
  }

  /**
   * As {@link #attributesBehind}, on the handle of the last in line; null when there is none. That
   * one is used until it has ended, so that its handle cannot be closed in between.
   */
  @Nullable CompletableFuture<RemoteAttributes> attributesBehindLast() {
    ServerFile file = useLast();
    if (file == null) {
      return null;
    }
    try {
      return attributesBehind(file);
    } finally {
      file.letGo();
    }
  }

  /** Through which file the last in line goes, with one user more; null when there is none. */
  @Nullable ServerFile useLast() {
    synchronized (line) {
      PendingWrite last = line.last();
      if (last == null) {
        return null;
      }
      last.file().use();
      return last.file();
    }
  }

  /** As {@link #behind}: asks for the attributes, which are remembered if nothing changes since. */
  CompletableFuture<RemoteAttributes> attributesBehind(ServerFile file) {
    long mark = change.asking();
    Asked asked = server.ticks().ask();
    return behind(file, false, handle -> server.client().fstat(handle))
        .whenComplete((said, failed) -> change.answered(said, asked, mark));
  }

  /** Sends everything; done when all that was taken in so far has been answered. */
  CompletableFuture<Void> drain() {
    line.hurry();
    CompletableFuture<Void> drained = line.drained();
    pump();
    return drained;
  }

  /** Sends what is due. Whoever comes while another thread sends leaves it to that thread. */
  private void pump() {
    if (pumping.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (PendingWrite item = line.next(); item != null; item = line.next()) {
        send(item);
      }
      seen = pumping.addAndGet(-seen);
    } while (seen != 0);
  }

  private void send(PendingWrite item) {
    RemoteHandle handle = item.lane() == null ? item.file().handle() : item.lane();
    boolean doubtful = item instanceof PendingWrite.Extent extent && extent.isDoubtful();
    if (doubtful || !handle.isLive()) {
      cameBack(item);
      return;
    }
    CompletableFuture<?> request = item.send(server.client(), handle);
    request.whenComplete((value, failed) -> answered(item, failed, request));
  }

  private void answered(
      PendingWrite item, @Nullable Throwable failed, CompletableFuture<?> request) {
    if (failed != null && SftpClient.isLost(failed)) {
      if (item instanceof PendingWrite.Extent extent) {
        extent.doubt(true);
      }
      cameBack(item);
    } else if (failed != null && item instanceof PendingWrite.Extent extent) {
      // A full disk is the likeliest reason, and the only one that can be found out.
      WriteErrors.explain(server.client(), extent.file().handle(), failed)
          .whenComplete((error, broken) -> fail(extent, error, request));
    } else {
      finish(item, failed, request);
    }
  }

  private void fail(PendingWrite item, ErrnoException error, @Nullable CompletableFuture<?> sent) {
    if (item instanceof PendingWrite.Extent && !line.isAbandoned(item)) {
      errors.latch(error, item.length());
    }
    finish(item, error, sent);
  }

  private void cameBack(PendingWrite item) {
    if (line.isAbandoned(item)) {
      fail(item, new ErrnoException(Errno.EIO, "given up while the connection was lost"), null);
    } else if (line.cameBack(item)) {
      recover();
    }
  }

  private void recover() {
    ServerFile file = line.lostFile();
    if (file != null) {
      file.usable().whenComplete((handle, failed) -> recovered(file, handle, failed));
    }
  }

  private void recovered(
      ServerFile file, @Nullable RemoteHandle handle, @Nullable Throwable failed) {
    if (handle == null) {
      ErrnoException error = Wire.broken(failed == null ? new IllegalStateException() : failed);
      line.giveUp().forEach(item -> fail(item, error, null));
      pump();
      return;
    }
    List<PendingWrite.Extent> doubtful = line.doubtful(file);
    if (doubtful.isEmpty()) {
      line.resend();
      pump();
    } else {
      Appended.howMany(server.client(), handle, doubtful)
          .whenComplete((count, broken) -> settleDoubts(doubtful, count, broken));
    }
  }

  /** Those that are in the file have ended; what cannot be told fails, for it must not be twice. */
  private void settleDoubts(
      List<PendingWrite.Extent> doubtful, @Nullable Integer count, @Nullable Throwable broken) {
    if (count == null && broken != null && SftpClient.isLost(broken)) {
      recover();
      return;
    }
    int known = count == null ? Appended.UNCLEAR : count;
    List<PendingWrite.Extent> ended =
        known == Appended.UNCLEAR ? doubtful : doubtful.subList(0, known);
    doubtful.forEach(extent -> extent.doubt(false));
    line.takeBack(ended);
    line.resend();
    for (PendingWrite.Extent extent : ended) {
      if (known == Appended.UNCLEAR) {
        fail(extent, Appended.unclear(), null);
      } else {
        finish(extent, null, null);
      }
    }
    pump();
  }

  private void streamed(PendingWrite.Extent extent) {
    ServerFile file = extent.file();
    if (extent.isFull() && line.isHeldUp()) {
      file.bulk().carried(extent.length(), file.handle(), true);
    }
  }

  private void finish(
      PendingWrite item, @Nullable Throwable failed, @Nullable CompletableFuture<?> request) {
    var woken = line.ended(item);
    switch (item) {
      case PendingWrite.Extent extent -> {
        change.ended(true);
        acknowledgedBytes.addAndGet(failed == null ? extent.length() : 0);
        if (failed == null && !extent.file().appends()) {
          streamed(extent);
          footprint.acknowledged(extent.number(), extent.offset(), extent.length(), extent.parts());
        }
        CompletableFuture<?> sent =
            request == null ? CompletableFuture.completedFuture(null) : request;
        server.client().settled(sent).whenComplete((done, never) -> extent.free());
      }
      case PendingWrite.Behind<?> behind -> {
        change.ended(behind.changes());
        behind.conclude(failed, request);
      }
    }
    item.file().letGo();
    woken.forEach(waiting -> waiting.complete(null));
    if (line.mustRecover()) {
      recover();
    }
    pump();
  }
}
