package dev.mooring.fuse;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is open, by the number that the kernel keeps for it ({@code fh}). Thread-safe. */
public final class HandleTable<T> {
  private final ConcurrentHashMap<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong last;

  /** A table that counts its numbers itself. */
  public HandleTable() {
    this(new AtomicLong());
  }

  /** A table whose numbers are counted by {@code last}, which other tables may share. */
  public HandleTable(AtomicLong last) {
    this.last = last;
  }

  /** Adds something and answers its number, which is never used twice. */
  public long add(T opened) {
    long handle = last.incrementAndGet();
    open.put(handle, opened);
    return handle;
  }

  /**
   * What has this number.
   *
   * @throws ErrnoException EBADF when nothing has
   */
  public T get(long handle) throws ErrnoException {
    T opened = open.get(handle);
    if (opened == null) {
      throw new ErrnoException(Errno.EBADF, "handle " + handle);
    }
    return opened;
  }

  /** Takes it out; null when it is not there. */
  public @Nullable T remove(long handle) {
    return open.remove(handle);
  }

  /**
   * Takes everything out, each handed to {@code release}: the kernel sends no release for what is
   * open when a mount is aborted.
   */
  public void removeAll(Consumer<T> release) {
    for (Long handle : open.keySet()) {
      T opened = open.remove(handle);
      if (opened != null) {
        release.accept(opened);
      }
    }
  }

  /** How many are open. */
  public int size() {
    return open.size();
  }
}
