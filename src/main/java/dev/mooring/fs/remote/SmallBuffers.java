package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Cuts buffers of the pool into pieces for small files. Thread-safe. */
final class SmallBuffers {
  private final BufferPool pool;

  @GuardedBy("this")
  private @Nullable SharedBuffer current;

  @GuardedBy("this")
  private int used;

  SmallBuffers(BufferPool pool) {
    this.pool = pool;
  }

  /** A piece of that length, held once; null when there is no memory to spare. */
  synchronized @Nullable SharedBuffer take(int bytes) {
    if (current == null || current.capacity() - used < bytes) {
      if (current != null) {
        current.release();
      }
      current = pool.takeSpeculative();
      used = 0;
    }
    SharedBuffer whole = current;
    if (whole == null) {
      return null;
    }
    ByteBuffer piece = whole.slice(used, bytes);
    used += bytes;
    whole.hold();
    return new SharedBuffer(piece, _ -> whole.release());
  }

  /** Gives the rest back that nobody has taken. */
  synchronized void close() {
    if (current != null) {
      current.release();
      current = null;
    }
  }
}
