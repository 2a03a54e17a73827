package dev.mooring.testing;

import dev.mooring.fs.Directory;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The handles of one channel: numbers of four bytes, as OpenSSH's are. */
final class ServedHandles {
  /** What a handle stands for. */
  sealed interface Opened {}

  /** An open file. */
  record File(OpenFile file) implements Opened {}

  /**
   * An open directory, which keeps its node in use; the names that were not yet asked for, and
   * whether any were.
   */
  record Listing(Directory open, Node dir, Deque<FileName> left, AtomicBoolean begun)
      implements Opened {}

  private final Map<Integer, Opened> opened = new ConcurrentHashMap<>();
  private int last;

  byte[] add(Opened handle) {
    opened.put(++last, handle);
    return ByteBuffer.allocate(4).putInt(last).array();
  }

  OpenFile file(byte[] handle) throws ErrnoException {
    if (opened.get(number(handle)) instanceof File file) {
      return file.file();
    }
    throw new ErrnoException(Errno.EINVAL, "not the handle of a file");
  }

  Listing listing(byte[] handle) throws ErrnoException {
    if (opened.get(number(handle)) instanceof Listing listing) {
      return listing;
    }
    throw new ErrnoException(Errno.EINVAL, "not the handle of a directory");
  }

  boolean isFile(byte[] handle) {
    return opened.get(number(handle)) instanceof File;
  }

  void close(byte[] handle) throws ErrnoException {
    Opened closing = opened.remove(number(handle));
    if (closing == null) {
      throw new ErrnoException(Errno.EIO, "no such handle");
    }
    release(closing);
  }

  void closeAll() {
    opened.values().forEach(ServedHandles::release);
    opened.clear();
  }

  private static void release(Opened closing) {
    switch (closing) {
      case File file -> file.file().release();
      case Listing listing -> listing.open().release();
    }
  }

  int size() {
    return opened.size();
  }

  private static int number(byte[] handle) {
    return handle.length == 4 ? ByteBuffer.wrap(handle).getInt() : -1;
  }
}
