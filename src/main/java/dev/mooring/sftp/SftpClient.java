package dev.mooring.sftp;

import dev.mooring.ssh.ConnectionLost;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Every request of SFTP version 3 and of OpenSSH's extensions, typed and asynchronous.
 *
 * <p>No verb waits. Each sends its request at once, behind those sent before on the same channel,
 * and returns a future that ends within the client's request deadline: with the reply; with {@link
 * SftpException} for a status other than OK; with {@link ConnectionLost} when the channel closed
 * first; with {@link java.util.concurrent.TimeoutException} when the deadline passed, in which case
 * the request keeps its id and its buffers until its reply comes or the channel closes. Verbs of an
 * extension that the server does not have end with {@link SftpStatus#OP_UNSUPPORTED} without
 * asking. What is in flight is bounded; beyond the bound requests queue, and beyond the queue's
 * bound they end with {@link SftpStatus#FAILURE}.
 *
 * <p>A client that reconnects holds requests that name a path back while there is no connection.
 * One that waits in vain until its deadline was never sent: it ends with {@link ConnectionLost},
 * whose message and cause are the reason why there is no connection.
 *
 * <p>Requests that name a path go out on the metadata channel, in order; those that name a handle
 * on the channel of the handle, in order. OpenSSH answers each channel strictly in order and
 * carries one request out after the other, so that requests sent back to back ("a burst") cost one
 * round trip. Thread-safe.
 */
public interface SftpClient {
  /** Whether a request ended because its channel was gone, so that asking again may help. */
  static boolean isLost(Throwable failure) {
    return failure instanceof ConnectionLost;
  }

  /** What the server announced. */
  Set<Extension> extensions();

  /** What the server can take. */
  ServerLimits limits();

  /** Opens a file; {@code mode} is made of the bits of {@link OpenMode}. */
  CompletableFuture<RemoteHandle> open(RemotePath path, int mode, RemoteAttributes attributes);

  /**
   * Further channels for the bytes of a long file, so that they hold nothing else up, on which it
   * is to be opened once more: one as a rule; as many as there may be where the server's window is
   * what holds its writes up; none where that would not help. Each comes, or fails, on its own.
   * Requests on it are in order among themselves, and with no others.
   *
   * @param handle what the bytes have gone through so far
   * @param others handles of the file on such channels, which have their share already
   * @param writes whether the bytes are written
   */
  default List<CompletableFuture<? extends SftpClient>> forBulk(
      RemoteHandle handle, Collection<RemoteHandle> others, boolean writes) {
    return List.of();
  }

  /**
   * How many bytes the channel of a handle brings in one round trip, by READ, as seen of late; -1
   * when that is not known.
   */
  default long readBytesPerRoundTrip(RemoteHandle handle) {
    return -1;
  }

  /** Closes a handle of a file or directory; that of a dead channel is closed already. */
  CompletableFuture<Void> close(RemoteHandle handle);

  /**
   * Reads into {@code destination} from its position to its limit, whose position and limit are
   * left alone; at most {@link ServerLimits#maxReadBytes}.
   *
   * @return how many bytes arrived, fewer than asked for at the server's pleasure; -1 at the end of
   *     the file
   */
  CompletableFuture<Integer> read(RemoteHandle handle, long offset, ByteBuffer destination);

  /**
   * Writes the remaining bytes of all parts; at most {@link ServerLimits#maxWriteBytes} in all. Has
   * ten times as long as other requests, for a WRITE that was given up could still arrive. The
   * parts must stay as they are until the future is done; where it ended with a timeout, until
   * {@link #settled} of it is.
   */
  CompletableFuture<Void> write(RemoteHandle handle, long offset, List<ByteBuffer> parts);

  /**
   * Completes, always normally, when the buffers of a read or write will not be touched any more:
   * at once for one that ended with its reply, later for one that ended with a timeout.
   */
  CompletableFuture<Void> settled(CompletableFuture<?> request);

  /** Attributes, not following a final symbolic link. */
  CompletableFuture<RemoteAttributes> lstat(RemotePath path);

  /** Attributes, following symbolic links. */
  CompletableFuture<RemoteAttributes> stat(RemotePath path);

  /** Attributes of an open file. */
  CompletableFuture<RemoteAttributes> fstat(RemoteHandle handle);

  /** Sets attributes, following symbolic links. */
  CompletableFuture<Void> setstat(RemotePath path, RemoteAttributes attributes);

  /** Sets attributes of an open file. */
  CompletableFuture<Void> fsetstat(RemoteHandle handle, RemoteAttributes attributes);

  /** Opens a directory. */
  CompletableFuture<RemoteHandle> opendir(RemotePath path);

  /** The next entries; an empty list is the end. */
  CompletableFuture<List<RemoteEntry>> readdir(RemoteHandle handle);

  /** Removes a file. */
  CompletableFuture<Void> remove(RemotePath path);

  /** Makes a directory. */
  CompletableFuture<Void> mkdir(RemotePath path, RemoteAttributes attributes);

  /** Removes an empty directory. */
  CompletableFuture<Void> rmdir(RemotePath path);

  /** The absolute path. */
  CompletableFuture<RemotePath> realpath(RemotePath path);

  /** Renames; version 3 fails where the new name exists. */
  CompletableFuture<Void> rename(RemotePath from, RemotePath to);

  /** Where a symbolic link points, in bytes. */
  CompletableFuture<ByteBuffer> readlink(RemotePath path);

  /** Makes a symbolic link, with its arguments in OpenSSH's order on the wire. */
  CompletableFuture<Void> symlink(ByteBuffer target, RemotePath link);

  /** posix-rename@openssh.com: replaces atomically. */
  CompletableFuture<Void> posixRename(RemotePath from, RemotePath to);

  /** hardlink@openssh.com. */
  CompletableFuture<Void> hardlink(RemotePath existing, RemotePath link);

  /** fsync@openssh.com. */
  CompletableFuture<Void> fsync(RemoteHandle handle);

  /** lsetstat@openssh.com: sets attributes of a symbolic link itself. */
  CompletableFuture<Void> lsetstat(RemotePath path, RemoteAttributes attributes);

  /** statvfs@openssh.com. */
  CompletableFuture<RemoteStatistics> statvfs(RemotePath path);

  /** fstatvfs@openssh.com. */
  CompletableFuture<RemoteStatistics> fstatvfs(RemoteHandle handle);

  /** expand-path@openssh.com: {@code ~} and {@code ~user}, made absolute. */
  CompletableFuture<RemotePath> expandPath(RemotePath path);

  /** home-directory: of a user of the server. */
  CompletableFuture<RemotePath> homeDirectory(String user);

  /** copy-data: copies on the server; a length of 0 means to the end of the file. */
  CompletableFuture<Void> copyData(
      RemoteHandle from, long fromOffset, long length, RemoteHandle to, long toOffset);

  /** users-groups-by-id@openssh.com: names in the order of the ids, empty where there is none. */
  CompletableFuture<UserGroupNames> usersGroupsById(List<Integer> uids, List<Integer> gids);

  /** The reply of {@link #usersGroupsById}. */
  record UserGroupNames(List<String> users, List<String> groups) {}
}
