package dev.mooring.fs.remote;

import dev.mooring.fs.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Slices of buffers, lent together. Filled by one thread, closed by any. */
final class SliceLease implements Lease {
  private final List<ByteBuffer> slices = new ArrayList<>();
  private final List<SharedBuffer> held = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private int length;

  /** Adds a slice, for which the buffer is held once more. */
  void add(SharedBuffer buffer, int offset, int bytes) {
    held.add(buffer.hold());
    slices.add(buffer.slice(offset, bytes));
    length += bytes;
  }

  @Override
  public List<ByteBuffer> slices() {
    return List.copyOf(slices);
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("closed twice");
    }
    held.forEach(SharedBuffer::release);
  }
}
