package dev.mooring.fuse.kernel;

import dev.mooring.fs.Lease;
import dev.mooring.fs.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a WRITE, where they were read to. For one call of {@code write}, on its thread. */
final class WritePayload implements Payload {
  /**
   * Smaller writes are not given away: each would hold a buffer of a whole request for less than a
   * quarter of it.
   */
  static final int SMALLEST_MOVED = BufferPool.REQUEST_BYTES / 4;

  private final RequestBuffer buffer;
  private final ByteBuffer bytes;
  private final @Nullable BufferPool refill;
  private @Nullable RequestBuffer replacement;
  private boolean moved;

  /**
   * A payload.
   *
   * @param refill where its reading thread gets another buffer if this one is moved; null when the
   *     reading thread has done so already
   */
  WritePayload(RequestBuffer buffer, int start, int size, @Nullable BufferPool refill) {
    this.buffer = buffer;
    this.bytes = buffer.slice(start, size);
    this.refill = refill;
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.asReadOnlyBuffer();
  }

  @Override
  public @Nullable Lease retain() {
    if (moved || bytes.remaining() < SMALLEST_MOVED) {
      return null;
    }
    if (refill != null) {
      // Never wait for it here: this may be the thread that has to read the next request.
      replacement = refill.tryTake();
      if (replacement == null) {
        return null;
      }
    }
    moved = true;
    return new MovedBytes(buffer, bytes);
  }

  /** Whether somebody else closes the buffer now. */
  boolean isMoved() {
    return moved;
  }

  /** What the reading thread goes on with: another buffer if this one was moved. */
  RequestBuffer next() {
    return replacement == null ? buffer : replacement;
  }

  private record MovedBytes(RequestBuffer buffer, ByteBuffer bytes) implements Lease {
    @Override
    public List<ByteBuffer> slices() {
      return List.of(bytes.duplicate());
    }

    @Override
    public int length() {
      return bytes.remaining();
    }

    @Override
    public void close() {
      buffer.close();
    }
  }
}
