package dev.mooring.fs.remote;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Native memory that several hold; the last one who lets go gives it back. Thread-safe. */
final class SharedBuffer {
  private final ByteBuffer memory;
  private final Consumer<ByteBuffer> giveBack;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** Held once by whoever makes it. */
  SharedBuffer(ByteBuffer memory, Consumer<ByteBuffer> giveBack) {
    this.memory = memory;
    this.giveBack = giveBack;
  }

  /** One holder more; only a holder may call it. */
  SharedBuffer hold() {
    if (holders.getAndIncrement() == 0) {
      throw new IllegalStateException("held after it was given back");
    }
    return this;
  }

  /** One holder less. */
  void release() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("released more often than held");
    }
    if (left == 0) {
      giveBack.accept(memory);
    }
  }

  /** The bytes from {@code offset} on, sharing the memory. */
  ByteBuffer slice(int offset, int length) {
    return memory.slice(offset, length);
  }

  /** Whether it is somebody else's: nothing may be put into it. */
  boolean isReadOnly() {
    return memory.isReadOnly();
  }

  int capacity() {
    return memory.capacity();
  }
}
