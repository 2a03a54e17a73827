package dev.mooring.fs;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The native memory that all mounts of a process share. Each pool of buffers is sure of a little;
 * what it has beyond that comes from here, so that many busy mounts wait for their own buffers
 * instead of running out of memory. Nobody waits here: a pool that gets nothing waits for what it
 * has lent, of which there is some as long as it is sure of any. Thread-safe.
 */
public final class NativeMemory {
  /** What the pools of all mounts have together beyond what each is sure of. */
  public static final long SHARED_BYTES = 128L << 20;

  private final AtomicLong left;

  /** So many bytes. */
  public NativeMemory(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes so many bytes, to be given back; false when there are not so many. */
  public boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  /** Gives back what was taken. */
  public void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /** How many bytes could be taken. */
  public long left() {
    return left.get();
  }
}
