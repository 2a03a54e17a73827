package dev.mooring.fs;

import java.nio.ByteBuffer;
import java.util.List;

/** Bytes in pooled native memory, lent until {@link #close}, which must be called exactly once. */
public interface Lease extends AutoCloseable {
  /** Nothing. */
  Lease EMPTY =
      new Lease() {
        @Override
        public List<ByteBuffer> slices() {
          return List.of();
        }

        @Override
        public int length() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /** The bytes in order, each a direct buffer whose remaining bytes count. */
  List<ByteBuffer> slices();

  /** How many bytes in all. */
  int length();

  /** Gives the memory back; any thread may do it; never waits. */
  @Override
  void close();
}
