package dev.mooring.fuse.kernel;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is open, under the numbers that the kernel was given. Thread-safe. */
final class HandleTable<T> {
  private final ConcurrentHashMap<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong last;

  /** A table whose numbers are counted by {@code last}, which other tables may share. */
  HandleTable(AtomicLong last) {
    this.last = last;
  }

  /** Adds something and answers its number, which is never used twice. */
  long add(T opened) {
    long handle = last.incrementAndGet();
    open.put(handle, opened);
    return handle;
  }

  /** What is open under a number, or EBADF. */
  T get(long handle) throws ErrnoException {
    T opened = open.get(handle);
    if (opened == null) {
      throw new ErrnoException(Errno.EBADF, "handle " + handle);
    }
    return opened;
  }

  /** Takes it out; null when it is not there. */
  @Nullable T remove(long handle) {
    return open.remove(handle);
  }

  /** Takes all out, each handed to {@code release}. */
  void removeAll(Consumer<T> release) {
    for (Long handle : open.keySet()) {
      T opened = open.remove(handle);
      if (opened != null) {
        release.accept(opened);
      }
    }
  }

  int size() {
    return open.size();
  }
}
