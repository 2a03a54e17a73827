package dev.mooring.sftp;

import dev.mooring.fs.Pace;
import dev.mooring.ssh.ConnectionLost;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The verbs over a channel that is opened again when it is lost.
 *
 * <p>A request that names a path and is made while there is no channel waits for the next one
 * within the request timeout. What was in flight when a channel was lost is asked again on the next
 * where asking twice does no harm: questions, OPEN unless it is exclusive, SETSTAT. Others (REMOVE,
 * RENAME, MKDIR, RMDIR, SYMLINK, an exclusive OPEN, the hard link) end with {@link ConnectionLost}:
 * whether the server carried them out is not known here. So does all that names a handle, which is
 * good for the channel that it was opened on; after that it is dead.
 *
 * <p>What is opened on one of the further channels ({@link #forBulk}) has its handle there, and so
 * goes all that names it. These channels come and go as they are needed.
 */
public final class SftpSession implements SftpClient, AutoCloseable {
  private final Reconnector paths;
  private final BulkChannels bulk;
  private final CompletableFuture<Void> firstAttempt;
  private volatile Announced announced = new Announced(Set.of(), ServerLimits.UNKNOWN);

  /** What the server said last; it is likely to say so again. */
  private record Announced(Set<Extension> extensions, ServerLimits limits) {}

  /**
   * Begins to connect.
   *
   * @param source opens channels; it belongs to the caller of this
   * @param chance for the pauses between attempts
   */
  public SftpSession(
      ChannelSource source, Pace pace, SftpSettings settings, RandomGenerator chance) {
    paths = new Reconnector(source, pace, settings, chance);
    bulk = new BulkChannels(source, pace, settings, this::limits);
    firstAttempt = paths.start().thenAccept(channel -> lastAnnounced());
  }

  /** How the first attempt to connect ends; when it fails, the session goes on trying. */
  public CompletableFuture<Void> firstAttempt() {
    return firstAttempt;
  }

  /** How it is doing. Never waits. */
  public SessionStatus status() {
    return paths.status();
  }

  /** Closes all channels and ends everything that waits. Never waits; repeating it does nothing. */
  @Override
  public void close() {
    bulk.close();
    paths.close();
  }

  private Announced lastAnnounced() {
    SftpChannel channel = paths.channel();
    if (channel != null && channel.extensions() != announced.extensions()) {
      announced = new Announced(channel.extensions(), channel.limits());
    }
    return announced;
  }

  /** The server, as people call it. */
  @Override
  public String toString() {
    return paths.toString();
  }

  @Override
  public Set<Extension> extensions() {
    return lastAnnounced().extensions();
  }

  @Override
  public ServerLimits limits() {
    return lastAnnounced().limits();
  }

  @Override
  public CompletableFuture<Void> close(RemoteHandle handle) {
    return handle.isLive()
        ? on(handle, channel -> channel.close(handle))
        : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> settled(CompletableFuture<?> request) {
    return SftpChannel.settlementOf(request);
  }

  @Override
  public CompletableFuture<RemoteHandle> open(
      RemotePath path, int mode, RemoteAttributes attributes) {
    return (mode & OpenMode.EXCLUSIVE) != 0
        ? paths.ask(channel -> channel.open(path, mode, attributes))
        : paths.insist(channel -> channel.open(path, mode, attributes));
  }

  @Override
  public List<CompletableFuture<? extends SftpClient>> forBulk(
      RemoteHandle handle, Collection<RemoteHandle> others, boolean writes) {
    return bulk.besides(channelOf(handle), channelsOf(others), writes);
  }

  @Override
  public long readBytesPerRoundTrip(RemoteHandle handle) {
    return channelOf(handle).readBytesPerRoundTrip(handle);
  }

  private static List<SftpChannel> channelsOf(Collection<RemoteHandle> handles) {
    return handles.stream().map(SftpSession::channelOf).toList();
  }

  @Override
  public CompletableFuture<Integer> read(RemoteHandle handle, long offset, ByteBuffer destination) {
    return on(handle, channel -> channel.read(handle, offset, destination));
  }

  @Override
  public CompletableFuture<Void> write(RemoteHandle handle, long offset, List<ByteBuffer> parts) {
    return on(handle, channel -> channel.write(handle, offset, parts));
  }

  @Override
  public CompletableFuture<RemoteAttributes> lstat(RemotePath path) {
    return paths.insist(channel -> channel.lstat(path));
  }

  @Override
  public CompletableFuture<RemoteAttributes> stat(RemotePath path) {
    return paths.insist(channel -> channel.stat(path));
  }

  @Override
  public CompletableFuture<RemoteAttributes> fstat(RemoteHandle handle) {
    return on(handle, channel -> channel.fstat(handle));
  }

  @Override
  public CompletableFuture<Void> setstat(RemotePath path, RemoteAttributes attributes) {
    return paths.insist(channel -> channel.setstat(path, attributes));
  }

  @Override
  public CompletableFuture<Void> fsetstat(RemoteHandle handle, RemoteAttributes attributes) {
    return on(handle, channel -> channel.fsetstat(handle, attributes));
  }

  @Override
  public CompletableFuture<RemoteHandle> opendir(RemotePath path) {
    return paths.insist(channel -> channel.opendir(path));
  }

  @Override
  public CompletableFuture<List<RemoteEntry>> readdir(RemoteHandle handle) {
    return on(handle, channel -> channel.readdir(handle));
  }

  @Override
  public CompletableFuture<Void> remove(RemotePath path) {
    return paths.ask(channel -> channel.remove(path));
  }

  @Override
  public CompletableFuture<Void> mkdir(RemotePath path, RemoteAttributes attributes) {
    return paths.ask(channel -> channel.mkdir(path, attributes));
  }

  @Override
  public CompletableFuture<Void> rmdir(RemotePath path) {
    return paths.ask(channel -> channel.rmdir(path));
  }

  @Override
  public CompletableFuture<RemotePath> realpath(RemotePath path) {
    return paths.insist(channel -> channel.realpath(path));
  }

  @Override
  public CompletableFuture<Void> rename(RemotePath from, RemotePath to) {
    return paths.ask(channel -> channel.rename(from, to));
  }

  @Override
  public CompletableFuture<ByteBuffer> readlink(RemotePath path) {
    return paths.insist(channel -> channel.readlink(path));
  }

  @Override
  public CompletableFuture<Void> symlink(ByteBuffer target, RemotePath link) {
    return paths.ask(channel -> channel.symlink(target, link));
  }

  @Override
  public CompletableFuture<Void> posixRename(RemotePath from, RemotePath to) {
    return paths.ask(channel -> channel.posixRename(from, to));
  }

  @Override
  public CompletableFuture<Void> hardlink(RemotePath existing, RemotePath link) {
    return paths.ask(channel -> channel.hardlink(existing, link));
  }

  @Override
  public CompletableFuture<Void> fsync(RemoteHandle handle) {
    return on(handle, channel -> channel.fsync(handle));
  }

  @Override
  public CompletableFuture<Void> lsetstat(RemotePath path, RemoteAttributes attributes) {
    return paths.insist(channel -> channel.lsetstat(path, attributes));
  }

  @Override
  public CompletableFuture<RemoteStatistics> statvfs(RemotePath path) {
    return paths.insist(channel -> channel.statvfs(path));
  }

  @Override
  public CompletableFuture<RemoteStatistics> fstatvfs(RemoteHandle handle) {
    return on(handle, channel -> channel.fstatvfs(handle));
  }

  @Override
  public CompletableFuture<RemotePath> expandPath(RemotePath path) {
    return paths.insist(channel -> channel.expandPath(path));
  }

  @Override
  public CompletableFuture<RemotePath> homeDirectory(String user) {
    return paths.insist(channel -> channel.homeDirectory(user));
  }

  @Override
  public CompletableFuture<Void> copyData(
      RemoteHandle from, long fromOffset, long length, RemoteHandle to, long toOffset) {
    return on(from, channel -> channel.copyData(from, fromOffset, length, to, toOffset));
  }

  @Override
  public CompletableFuture<UserGroupNames> usersGroupsById(List<Integer> uids, List<Integer> gids) {
    return paths.insist(channel -> channel.usersGroupsById(uids, gids));
  }

  private static <T> CompletableFuture<T> on(
      RemoteHandle handle, Function<SftpChannel, CompletableFuture<T>> verb) {
    return verb.apply(channelOf(handle));
  }

  private static SftpChannel channelOf(RemoteHandle handle) {
    if (!(handle instanceof ChannelHandle ours)) {
      throw new IllegalArgumentException(handle + " was not opened here");
    }
    return ours.channel();
  }
}
