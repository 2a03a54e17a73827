package dev.mooring.contract;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Lease;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The buffers that {@link WaistPosix} passes to writes. Large ones may be kept; the others are
 * overwritten as soon as the write returns, so that whoever does not copy them is found out.
 */
final class Payloads {
  private static final int MOVABLE_BYTES = 64 * 1024;
  private static final byte POISON = (byte) 0xee;

  private final AtomicInteger kept = new AtomicInteger();

  /** Writes the remaining bytes of {@code source}. */
  int write(OpenFile file, long offset, ByteBuffer source, Caller caller) throws ErrnoException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(source.remaining()).put(source).flip();
    Movable payload = new Movable(bytes);
    try {
      return file.write(
          offset, bytes.remaining() < MOVABLE_BYTES ? Payload.of(bytes) : payload, caller);
    } finally {
      if (!payload.moved) {
        overwrite(bytes.duplicate());
      }
    }
  }

  /** Fails when a buffer that was moved was not given back. */
  void assertAllReturned() {
    if (kept.get() != 0) {
      throw new AssertionError(kept + " buffers of writes were never given back");
    }
  }

  /** The bytes of a lease that may have at most {@code limit}. */
  static byte[] copyOf(Lease lease, int limit) {
    ByteBuffer copy = ByteBuffer.allocate(lease.length());
    for (ByteBuffer slice : lease.slices()) {
      if (!slice.isDirect()) {
        throw new AssertionError("a slice of a lease is not direct");
      }
      copy.put(slice.duplicate());
    }
    if (copy.hasRemaining() || copy.capacity() > limit) {
      throw new AssertionError("a lease of %s for %d bytes".formatted(copy, limit));
    }
    return copy.array();
  }

  private static void overwrite(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      bytes.put(POISON);
    }
  }

  private final class Movable implements Payload {
    private final ByteBuffer bytes;
    private boolean moved;

    Movable(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public ByteBuffer bytes() {
      return bytes.asReadOnlyBuffer();
    }

    @Override
    public Lease retain() {
      if (moved) {
        throw new AssertionError("a payload retained twice");
      }
      moved = true;
      kept.incrementAndGet();
      return new Kept(bytes.duplicate());
    }
  }

  /** A buffer that was moved, overwritten when it comes back. */
  private final class Kept implements Lease {
    private final ByteBuffer bytes;
    private final AtomicInteger closes = new AtomicInteger();

    Kept(ByteBuffer bytes) {
      this.bytes = bytes;
    }

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
      if (closes.incrementAndGet() > 1) {
        throw new AssertionError("the buffer of a write given back twice");
      }
      overwrite(bytes.duplicate());
      kept.decrementAndGet();
    }
  }
}
