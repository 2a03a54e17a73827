package dev.mooring.fuse.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;

/** A piece of a {@link BufferPool}, owned by whoever closes it, which must be done exactly once. */
final class RequestBuffer implements AutoCloseable {
  private final MemorySegment memory;
  private final Runnable giveBack;
  private final ByteBuffer bytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** One that is not closed yet; {@code giveBack} is what closing it does. */
  RequestBuffer(MemorySegment memory, Runnable giveBack) {
    this.memory = memory;
    this.giveBack = giveBack;
    this.bytes = memory.asByteBuffer();
  }

  MemorySegment memory() {
    return memory;
  }

  /** A part of it, with a position of its own, in the machine's byte order. */
  ByteBuffer slice(int start, int length) {
    return bytes.slice(start, length).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("a buffer given back twice");
    }
    giveBack.run();
  }
}
