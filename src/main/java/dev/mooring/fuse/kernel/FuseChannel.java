package dev.mooring.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.mooring.fuse.Libc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The open {@code /dev/fuse}: one read(2) gives one request, one writev(2) takes one reply. Any
 * thread may call. A result is a number of bytes or, below 0, a negated errno.
 */
record FuseChannel(int descriptor) {
  private static final MethodHandle READ =
      Libc.withErrno("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITEV =
      Libc.withErrno("writev", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

  /**
   * Waits for a request. Blocks its thread, so it belongs on a platform thread.
   *
   * @param state of {@link Libc#ERRNO_STATE}, for nobody else's use meanwhile
   */
  int read(MemorySegment into, MemorySegment state) {
    try {
      long count = (long) READ.invokeExact(state, descriptor, into, into.byteSize());
      return count < 0 ? -Libc.errno(state) : (int) count;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /**
   * Sends a reply or a notification. A reply never blocks; a notification may wait for a lock that
   * is held until a request is answered.
   *
   * @param vectors that many {@code struct iovec}
   */
  int writev(MemorySegment vectors, int count, MemorySegment state) {
    try {
      long written = (long) WRITEV.invokeExact(state, descriptor, vectors, count);
      return written < 0 ? -Libc.errno(state) : (int) written;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }
}
