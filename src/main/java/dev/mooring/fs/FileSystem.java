package dev.mooring.fs;

import org.jspecify.annotations.Nullable;

/**
 * Waist A: a POSIX file system as the Linux kernel asks for it, by node and name, never by path.
 * FUSE is above it; what is above it knows nothing of SFTP.
 *
 * <h2>References</h2>
 *
 * Every {@link Entry.Present} that a call returns, every {@link Created}, and every plus-entry that
 * an {@link EntrySink} accepts counts one reference to its node, given back by {@link #forget}. A
 * node with no reference that is not open may be evicted; using it afterwards is an error of the
 * binding. The root is never evicted and counts nothing.
 *
 * <h2>Errors and waiting</h2>
 *
 * Calls throw {@link ErrnoException} and nothing else. A call whose {@link Caller} may not wait and
 * which memory cannot answer throws {@link WouldWait} without any effect. A call ends by its
 * caller's deadline (ETIMEDOUT, or EIO where data may be lost) and soon after its cancellation
 * (EINTR). A change that had been sent by then is finished unseen.
 *
 * <p>Permissions in {@code mkdir}, {@code mknod} and {@code create} are as the caller asked; its
 * umask is taken out here. Thread-safe.
 */
public interface FileSystem extends AutoCloseable {
  /** The directory that is mounted. */
  Node root();

  /**
   * What {@code dir} has under {@code name}.
   *
   * @throws ErrnoException ENOTDIR, EACCES, EIO; that there is nothing is no error
   */
  Entry lookup(Node dir, FileName name, Caller caller) throws ErrnoException;

  /** Gives back references. Never waits, never fails. */
  void forget(Node node, long references);

  /**
   * stat(2), or fstat(2) where an open file is given.
   *
   * @throws ErrnoException ESTALE or ENOENT when the node is gone from the server
   */
  Fresh<Attributes> getattr(Node node, @Nullable OpenFile file, Caller caller)
      throws ErrnoException;

  /** chmod, chown, truncate and utimensat in one; answers the attributes afterwards. */
  Fresh<Attributes> setattr(
      Node node, @Nullable OpenFile file, AttributeChange change, Caller caller)
      throws ErrnoException;

  /** Makes a directory. */
  Entry.Present mkdir(Node dir, FileName name, int permissions, Caller caller)
      throws ErrnoException;

  /**
   * Makes a file that is not opened.
   *
   * @throws ErrnoException EPERM for anything but a regular file where the server cannot make it
   */
  Entry.Present mknod(Node dir, FileName name, FileType type, int permissions, Caller caller)
      throws ErrnoException;

  /** Makes a symbolic link. */
  Entry.Present symlink(Node dir, FileName name, TargetBytes target, Caller caller)
      throws ErrnoException;

  /** Gives a file one more name. */
  Entry.Present link(Node node, Node newDir, FileName newName, Caller caller) throws ErrnoException;

  /**
   * open(2) with O_CREAT: makes the file, or opens the one that is there unless {@code flags} are
   * exclusive. {@code permissions} count only for a file that is made, and never for this open.
   */
  Created create(Node dir, FileName name, OpenFlags flags, int permissions, Caller caller)
      throws ErrnoException;

  /**
   * Removes a name. The file stays readable and writable through what has it open.
   *
   * @throws ErrnoException EISDIR for a directory
   */
  void unlink(Node dir, FileName name, Caller caller) throws ErrnoException;

  /** Removes an empty directory. */
  void rmdir(Node dir, FileName name, Caller caller) throws ErrnoException;

  /**
   * Moves an entry; open files and nodes below it go with it.
   *
   * @throws ErrnoException EINVAL for flags that the server cannot carry out atomically
   */
  void rename(
      Node dir, FileName name, Node newDir, FileName newName, RenameFlags flags, Caller caller)
      throws ErrnoException;

  /** Where a symbolic link points. */
  TargetBytes readlink(Node node, Caller caller) throws ErrnoException;

  /** Opens a regular file that exists. */
  OpenFile open(Node node, OpenFlags flags, Caller caller) throws ErrnoException;

  /** Opens a directory; nothing is asked of the server until entries are wanted. */
  Directory opendir(Node node, Caller caller) throws ErrnoException;

  /** How full it is. */
  Fresh<Statistics> statfs(Caller caller) throws ErrnoException;

  /**
   * Copies within the server.
   *
   * @return how many bytes were copied, less than {@code length} at the end of the source
   * @throws ErrnoException EOPNOTSUPP when the server cannot: the kernel then copies itself
   */
  long copyFileRange(
      OpenFile from, long fromOffset, OpenFile to, long toOffset, long length, Caller caller)
      throws ErrnoException;

  /**
   * syncfs(2): waits until the server has the writes of all nodes that were taken in so far. Open
   * files are told of their errors as if this had not been called.
   *
   * @throws ErrnoException the first error of a write that nobody has been told of, once; ETIMEDOUT
   *     when the server has not answered in time, the writes go on then
   */
  void sync(Caller caller) throws ErrnoException;

  /** Tells the one listener, the binding, of changes that the kernel did not make. */
  void onChange(ChangeListener listener);

  /**
   * Ends it: what is dirty has been flushed before. Frees memory and handles; waits a bounded time.
   */
  @Override
  void close();
}
