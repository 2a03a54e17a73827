package dev.mooring.fs.remote;

import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What waits in line for the server, behind one file: bytes to write, or a request behind them. */
sealed interface PendingWrite {
  /** Its place in line. */
  long number();

  /** Through which handle it goes. */
  ServerFile file();

  /** Sends it. */
  CompletableFuture<?> send(SftpClient client, RemoteHandle handle);

  /** How many bytes it carries. */
  int length();

  /** Which of the file's handles for bulk data it goes through; null for the file's own. */
  default @Nullable RemoteHandle lane() {
    return null;
  }

  /**
   * Something that goes out right behind the writes before it, in the same burst.
   *
   * @param changes whether it changes the file
   */
  record Behind<T>(
      long number,
      ServerFile file,
      boolean changes,
      Function<RemoteHandle, CompletableFuture<T>> request,
      CompletableFuture<T> reply)
      implements PendingWrite {
    @Override
    public CompletableFuture<T> send(SftpClient client, RemoteHandle handle) {
      return request.apply(handle);
    }

    /** Ends the reply as the request ended. */
    void conclude(@Nullable Throwable failed, @Nullable CompletableFuture<?> sent) {
      if (failed != null || sent == null) {
        reply.completeExceptionally(failed == null ? new IllegalStateException() : failed);
      } else {
        @SuppressWarnings("unchecked") // The request that this very item made.
        CompletableFuture<T> own = (CompletableFuture<T>) sent;
        reply.complete(own.resultNow());
      }
    }

    @Override
    public int length() {
      return 0;
    }
  }

  /** Bytes that lie together in the file, gathered from where they lie in memory. */
  final class Extent implements PendingWrite {
    private final long number;
    private final ServerFile file;
    private final long offset;
    private final long endBefore;
    private final int most;
    private final List<ByteBuffer> parts = new ArrayList<>();
    private final List<SharedBuffer> held = new ArrayList<>();
    private int length;
    private int endOfLast;

    /** Whether a WRITE of it was lost, so that the server may have it already. */
    private boolean doubtful;

    private @Nullable RemoteHandle lane;

    Extent(long number, ServerFile file, long offset, long endBefore, int most) {
      this.number = number;
      this.file = file;
      this.offset = offset;
      this.endBefore = endBefore;
      this.most = most;
    }

    /** How many bytes of a write at {@code at} would join on; 0 for none. */
    int room(ServerFile by, long at) {
      boolean joins = by == file && (file.appends() || at == offset + length);
      return joins ? most - length : 0;
    }

    boolean isFull() {
      return length == most;
    }

    /** Adds bytes at its end. Where they go on in memory as well, they become one part. */
    void add(SharedBuffer buffer, int from, int bytes) {
      ByteBuffer slice = buffer.slice(from, bytes);
      if (!parts.isEmpty() && held.getLast() == buffer && endOfLast == from) {
        int start = from - parts.getLast().remaining();
        parts.set(parts.size() - 1, buffer.slice(start, bytes + from - start));
      } else {
        parts.add(slice);
        held.add(buffer.hold());
      }
      endOfLast = from + bytes;
      length += bytes;
    }

    /** Copies bytes behind its last ones in memory; false when there is no room. */
    boolean copy(ByteBuffer bytes) {
      int count = bytes.remaining();
      SharedBuffer tail = held.getLast();
      if (tail.capacity() - endOfLast < count || tail.isReadOnly()) {
        return false;
      }
      tail.slice(endOfLast, count).put(bytes);
      add(tail, endOfLast, count);
      return true;
    }

    /** Where it goes; means nothing where the file appends. */
    long offset() {
      return offset;
    }

    /** How long the file is before it, which is where it is appended; negative when unknown. */
    long endBefore() {
      return endBefore;
    }

    List<ByteBuffer> parts() {
      return parts;
    }

    /** Whether it may be in the file already and must not be there twice. */
    boolean isDoubtful() {
      return doubtful;
    }

    void doubt(boolean on) {
      doubtful = on && file.appends();
    }

    /** It goes through that one now. */
    void take(@Nullable RemoteHandle other) {
      lane = other;
    }

    @Override
    public @Nullable RemoteHandle lane() {
      return lane;
    }

    /** Whether it and the other one write the same bytes. */
    boolean overlaps(Extent other) {
      return offset < other.offset + other.length && other.offset < offset + length;
    }

    @Override
    public long number() {
      return number;
    }

    @Override
    public ServerFile file() {
      return file;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public CompletableFuture<Void> send(SftpClient client, RemoteHandle handle) {
      return client.write(handle, offset, parts);
    }

    void free() {
      held.forEach(SharedBuffer::release);
      held.clear();
    }
  }
}
