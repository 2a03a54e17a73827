package dev.mooring.fs;

/**
 * An open file description. Several may be open on one node, and all of them see one truth: every
 * read and getattr sees the pending writes of all. Thread-safe.
 */
public interface OpenFile {
  /** What is open. */
  Node node();

  /** Whether pages that the kernel still has of this node are as good as the server's. */
  boolean keepCache();

  /**
   * Reads at an offset.
   *
   * @param length at most this many bytes; fewer only at the end of the file
   * @throws ErrnoException EBADF when it is not open for reading
   */
  Lease read(long offset, int length, Caller caller) throws ErrnoException;

  /**
   * Writes all of {@code bytes} at an offset, or at the end when the file is open for appending.
   * May return before the server has them; {@link #flush} tells how that went.
   *
   * @return how many bytes were taken: all
   * @throws ErrnoException EBADF when it is not open for writing; an earlier write's error that
   *     nobody has seen yet
   */
  int write(long offset, Payload bytes, Caller caller) throws ErrnoException;

  /**
   * Makes sure that {@code offset + length} bytes exist, as fallocate(2) with mode 0: extends the
   * file, never shrinks it.
   */
  void allocate(long offset, long length, Caller caller) throws ErrnoException;

  /**
   * Waits until the server has all writes of this node (each close(2) of a descriptor).
   *
   * @throws ErrnoException the first error of a write, once for each open file description
   */
  void flush(Caller caller) throws ErrnoException;

  /**
   * As {@link #flush}, and the server has them on its disk if it can say so.
   *
   * @param dataOnly fdatasync(2)
   */
  void fsync(boolean dataOnly, Caller caller) throws ErrnoException;

  /** The last descriptor is gone. Never waits, never fails. */
  void release();
}
