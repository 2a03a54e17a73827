package dev.mooring.fuse.jnr;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is open, by the number that the kernel keeps for it ({@code fh}). Thread-safe. */
final class HandleTable<T> {
  private final Map<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** Keeps it and returns its number, which is never used again. */
  long add(T opened) {
    long handle = last.incrementAndGet();
    open.put(handle, opened);
    return handle;
  }

  /**
   * What has this number.
   *
   * @throws ErrnoException EBADF when nothing has
   */
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

  /** Takes everything out: the kernel sends no release for what is open when a mount is aborted. */
  void clear(Consumer<T> release) {
    for (Long handle : List.copyOf(open.keySet())) {
      T opened = open.remove(handle);
      if (opened != null) {
        release.accept(opened);
      }
    }
  }
}
