package dev.mooring.ssh.mina;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Encrypted bytes on their way to a socket. Whoever brings some writes them at once, several
 * packets with one write(2), as long as the socket takes them; what it does not take is kept and
 * left to the connection's own thread. Nobody waits. Thread-safe.
 *
 * <p>What is kept is bounded by who brings it: channel data by the server's windows.
 */
final class SocketOutput {
  /** As much as four of OpenSSH's largest packets, so that they go out with one system call. */
  private static final int BATCH_BYTES = 136 * 1024;

  private final SocketChannel channel;
  private final ReentrantLock lock = new ReentrantLock();

  /** The bytes that go next, from 0 to its position. */
  @GuardedBy("lock")
  private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);

  /** Those behind the batch; there are some only if the socket was full. */
  @GuardedBy("lock")
  private final Queue<ByteBuffer> behind = new ArrayDeque<>();

  /** How many have more to bring before it has to be written. */
  @GuardedBy("lock")
  private int collecting;

  @GuardedBy("lock")
  private @Nullable IOException failure;

  /** A channel that does not block. */
  SocketOutput(SocketChannel channel) {
    this.channel = channel;
  }

  /** More is about to come: small batches wait until {@link #collected}. */
  void collect() {
    lock.lock();
    try {
      collecting++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The end of a {@link #collect}; writes what has come.
   *
   * @return whether the socket is full, so that {@link #flush} must be called when it is not
   */
  boolean collected() {
    lock.lock();
    try {
      collecting--;
      return collecting == 0 && !write();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes bytes, which may be reused when this returns, and writes them unless somebody collects.
   *
   * @return whether the socket is full, as for {@link #collected}
   * @throws IOException when the socket is broken
   */
  boolean put(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (failure != null) {
        throw new IOException(failure);
      }
      boolean full = false;
      if (!behind.isEmpty() || (batch.remaining() < length && !makeRoom(length))) {
        behind.add(ByteBuffer.allocate(length).put(bytes, offset, length).flip());
        full = true;
      } else {
        batch.put(bytes, offset, length);
      }
      return full || (collecting == 0 && !write());
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean makeRoom(int length) {
    write();
    return batch.remaining() >= length;
  }

  /** Writes what the socket takes; true when nothing is left, or nothing more can be done. */
  boolean flush() {
    lock.lock();
    try {
      return write();
    } finally {
      lock.unlock();
    }
  }

  /** Why no more can be written; null while it can. */
  @Nullable IOException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is left and takes no more. */
  void close() {
    lock.lock();
    try {
      if (failure == null) {
        fail(new ClosedChannelException());
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean write() {
    try {
      while (failure == null && batch.position() > 0) {
        channel.write(batch.flip());
        boolean full = batch.hasRemaining();
        batch.compact();
        refill();
        if (full) {
          return false;
        }
      }
    } catch (IOException e) {
      fail(e);
    }
    return true;
  }

  @GuardedBy("lock")
  private void refill() {
    for (ByteBuffer next = behind.peek(); next != null; next = behind.peek()) {
      int length = Math.min(next.remaining(), batch.remaining());
      batch
          .put(batch.position(), next, next.position(), length)
          .position(batch.position() + length);
      next.position(next.position() + length);
      if (next.hasRemaining()) {
        return;
      }
      behind.remove();
    }
  }

  @GuardedBy("lock")
  private void fail(IOException cause) {
    failure = cause;
    batch.clear();
    behind.clear();
  }
}
