package dev.mooring.testing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The bytes of a file: what was never written is zero and takes no memory. Not thread-safe. */
final class SparseBytes {
  private static final int PAGE_BYTES = 64 * 1024;

  private final TreeMap<Long, byte[]> pages = new TreeMap<>();
  private long size;

  long size() {
    return size;
  }

  /** Fills {@code destination}, which must lie within the size. */
  void read(long offset, ByteBuffer destination) {
    long at = offset;
    while (destination.hasRemaining()) {
      int start = (int) (at % PAGE_BYTES);
      int count = Math.min(destination.remaining(), PAGE_BYTES - start);
      byte @Nullable [] page = pages.get(at / PAGE_BYTES);
      destination.put(page == null ? new byte[count] : page, page == null ? 0 : start, count);
      at += count;
    }
  }

  /** Stores all remaining bytes, growing the file where they reach beyond its end. */
  void write(long offset, ByteBuffer source) {
    long at = offset;
    while (source.hasRemaining()) {
      int start = (int) (at % PAGE_BYTES);
      int count = Math.min(source.remaining(), PAGE_BYTES - start);
      source.get(pages.computeIfAbsent(at / PAGE_BYTES, _ -> new byte[PAGE_BYTES]), start, count);
      at += count;
    }
    size = Math.max(size, at);
  }

  /** Cuts off, or appends zeros. */
  void resize(long newSize) {
    if (newSize < size) {
      long lastPage = newSize / PAGE_BYTES;
      pages.tailMap(lastPage, false).clear();
      byte @Nullable [] last = pages.get(lastPage);
      if (last != null) {
        Arrays.fill(last, (int) (newSize % PAGE_BYTES), PAGE_BYTES, (byte) 0);
      }
    }
    size = newSize;
  }
}
