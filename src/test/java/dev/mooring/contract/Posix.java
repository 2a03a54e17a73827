package dev.mooring.contract;

import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The system calls of a file system, called by root with an umask of 022. Names are the syscalls'.
 *
 * <p>A path is relative to the subject's root, which is the empty path. Every character of a path,
 * name or target is one byte (ISO 8859-1), so that any name can be said; {@link #utf8} translates.
 * Thread-safe. Closing fails when a descriptor is still open.
 */
public interface Posix extends Closeable {

  /** The flags of open(2); READ with WRITE is O_RDWR. */
  enum Flag {
    READ,
    WRITE,
    CREATE,
    EXCLUSIVE,
    TRUNCATE,
    APPEND
  }

  /** The byte string of a text in UTF-8. */
  static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** open(2); {@code permissions} count when it creates. Answers a descriptor. */
  int open(String path, int permissions, Flag... flags) throws ErrnoException;

  /** pread(2), until {@code count} bytes or the end of the file. */
  byte[] pread(int descriptor, int count, long offset) throws ErrnoException;

  /** pwrite(2): answers how many bytes were written. */
  int pwrite(int descriptor, byte[] bytes, long offset) throws ErrnoException;

  /** close(2): the descriptor is gone even when this fails. */
  void close(int descriptor) throws ErrnoException;

  /** fsync(2). */
  void fsync(int descriptor) throws ErrnoException;

  /** syncfs(2). */
  void syncfs(int descriptor) throws ErrnoException;

  /** stat(2). */
  Attributes stat(String path) throws ErrnoException;

  /** lstat(2). */
  Attributes lstat(String path) throws ErrnoException;

  /** fstat(2). */
  Attributes fstat(int descriptor) throws ErrnoException;

  /** mkdir(2). */
  void mkdir(String path, int permissions) throws ErrnoException;

  /** mknod(2) of a FIFO. */
  void mkfifo(String path, int permissions) throws ErrnoException;

  /** rmdir(2). */
  void rmdir(String path) throws ErrnoException;

  /** unlink(2). */
  void unlink(String path) throws ErrnoException;

  /** renameat2(2). */
  void rename(String from, String to, RenameFlags flags) throws ErrnoException;

  /** linkat(2), not following a symbolic link. */
  void link(String existing, String path) throws ErrnoException;

  /** symlink(2). */
  void symlink(String target, String path) throws ErrnoException;

  /** readlink(2). */
  String readlink(String path) throws ErrnoException;

  /** chmod(2). */
  void chmod(String path, int permissions) throws ErrnoException;

  /** lchown(2); -1 keeps an id. */
  void lchown(String path, int uid, int gid) throws ErrnoException;

  /** truncate(2). */
  void truncate(String path, long size) throws ErrnoException;

  /** ftruncate(2). */
  void ftruncate(int descriptor, long size) throws ErrnoException;

  /** utimensat(2) with AT_SYMLINK_NOFOLLOW. */
  void utimensat(String path, TimeChange accessed, TimeChange modified) throws ErrnoException;

  /** futimens(3). */
  void futimens(int descriptor, TimeChange accessed, TimeChange modified) throws ErrnoException;

  /**
   * Reads a directory a few entries at a time, without {@code .} and {@code ..}.
   *
   * @param visit called with each name as it comes; false ends the reading
   */
  void readdir(String path, Predicate<String> visit) throws ErrnoException;

  /** All names of a directory, in the order in which they come. */
  default List<String> readdir(String path) throws ErrnoException {
    List<String> names = new ArrayList<>();
    readdir(path, names::add);
    return names;
  }

  /** statvfs(3). */
  Statistics statvfs(String path) throws ErrnoException;

  /** fallocate(2) with mode 0. */
  void fallocate(int descriptor, long offset, long length) throws ErrnoException;

  /** copy_file_range(2): answers how many bytes were copied. */
  long copyFileRange(int from, long fromOffset, int to, long toOffset, long length)
      throws ErrnoException;

  @Override
  void close() throws IOException;
}
