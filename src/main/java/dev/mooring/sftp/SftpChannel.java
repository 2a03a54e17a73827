package dev.mooring.sftp;

import dev.mooring.fs.Pace;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verbs over one channel, which when it is lost stays lost. Requests go out in the order in
 * which the verbs are called.
 */
public final class SftpChannel implements SftpClient, AutoCloseable {
  private final Exchange exchange;
  private final Set<Extension> extensions;
  private final ServerLimits limits;
  private final long epoch;
  private final Reply<RemoteHandle> handle =
      Reply.of(PacketType.HANDLE, fields -> given(fields.string()));
  private final AtomicInteger openHandles = new AtomicInteger();

  private SftpChannel(
      Exchange exchange, Set<Extension> extensions, ServerLimits limits, long epoch) {
    this.exchange = exchange;
    this.extensions = extensions;
    this.limits = limits;
    this.epoch = epoch;
  }

  /**
   * Speaks SFTP on a channel that has not been started: INIT, VERSION, and limits@openssh.com where
   * the server has it. Never waits.
   *
   * @param epoch what its handles say they are from
   * @return fails with {@link ConnectionLost} when the server does not speak version 3 in time; the
   *     channel is closed then
   */
  public static CompletableFuture<SftpChannel> open(
      SubsystemChannel channel, Pace pace, SftpSettings settings, long epoch) {
    return open(channel, pace, settings, epoch, null);
  }

  /** The same where the server has said its limits before: null where it is to be asked. */
  static CompletableFuture<SftpChannel> open(
      SubsystemChannel channel,
      Pace pace,
      SftpSettings settings,
      long epoch,
      @Nullable ServerLimits known) {
    Exchange exchange = new Exchange(channel, pace, settings);
    return exchange
        .start()
        .thenCompose(extensions ->
            (known == null
                    ? limitsOf(exchange, extensions)
                    : CompletableFuture.completedFuture(known))
                .thenApply(limits -> new SftpChannel(exchange, extensions, limits, epoch)))
        .whenComplete((opened, failure) -> {
          if (failure != null) {
            exchange.breakOff("the server does not begin SFTP: " + failure.getMessage());
          }
        });
  }

  private static CompletableFuture<ServerLimits> limitsOf(
      Exchange exchange, Set<Extension> extensions) {
    if (!extensions.contains(Extension.LIMITS)) {
      return CompletableFuture.completedFuture(ServerLimits.UNKNOWN);
    }
    return exchange
        .submit(ExtendedRequests.limits())
        .exceptionallyCompose(failure ->
            failure instanceof SftpException
                ? CompletableFuture.completedFuture(ServerLimits.UNKNOWN)
                : CompletableFuture.failedFuture(failure));
  }

  /** Which channel of its session this is. */
  public long epoch() {
    return epoch;
  }

  /** Whether it has not been lost or closed. */
  public boolean isOpen() {
    return exchange.isOpen();
  }

  /** Completes, always normally, when the channel is gone and all its requests have ended. */
  public CompletableFuture<ConnectionLost> closed() {
    return exchange.closed();
  }

  /** What a round trip takes when nothing is in its way, in nanoseconds; -1 when unknown. */
  public long roundTripNanos() {
    return exchange.roundTripNanos();
  }

  @Override
  public long readBytesPerRoundTrip(RemoteHandle of) {
    return exchange.readBytesPerRoundTrip();
  }

  /** How many bytes WRITE takes there in one round trip, as seen of late; -1 when unknown. */
  long writtenBytesPerRoundTrip() {
    return exchange.writtenBytesPerRoundTrip();
  }

  private RemoteHandle given(ByteBuffer bytes) {
    RemoteHandle given = new ChannelHandle(this, bytes);
    openHandles.incrementAndGet();
    return given;
  }

  /** How many handles the server has given out that nobody has asked it to close. */
  int openHandles() {
    return openHandles.get();
  }

  /** Whether anything is open or on its way. */
  boolean isBusy() {
    return openHandles() > 0 || exchange.requestsInFlight() > 0;
  }

  /** Closes it; what is in flight ends with {@link ConnectionLost}. Never waits. */
  @Override
  public void close() {
    exchange.breakOff("closed by us");
  }

  @Override
  public Set<Extension> extensions() {
    return extensions;
  }

  @Override
  public ServerLimits limits() {
    return limits;
  }

  @Override
  public CompletableFuture<RemoteHandle> open(
      RemotePath path, int mode, RemoteAttributes attributes) {
    return exchange.submit(Requests.open(path, mode, attributes, handle));
  }

  @Override
  public CompletableFuture<Void> close(RemoteHandle of) {
    // What is gone with its channel need not be closed.
    if (!of.isLive()) {
      return CompletableFuture.completedFuture(null);
    }
    openHandles.decrementAndGet();
    return on(of, Requests::close);
  }

  @Override
  public CompletableFuture<Integer> read(RemoteHandle of, long offset, ByteBuffer destination) {
    check("READ", destination.remaining(), limits.maxReadBytes());
    if (destination.isReadOnly()) {
      throw new IllegalArgumentException("READ into a buffer that is read-only");
    }
    return on(of, bytes -> Requests.read(bytes, offset, destination));
  }

  @Override
  public CompletableFuture<Void> write(RemoteHandle of, long offset, List<ByteBuffer> parts) {
    check("WRITE", Requests.bytesOf(parts), limits.maxWriteBytes());
    return on(of, bytes -> Requests.write(bytes, offset, parts));
  }

  private static void check(String verb, int bytes, int most) {
    if (bytes > most) {
      throw new IllegalArgumentException(
          "%s of %d bytes, the server takes %d".formatted(verb, bytes, most));
    }
  }

  @Override
  public CompletableFuture<Void> settled(CompletableFuture<?> request) {
    return settlementOf(request);
  }

  /** See {@link SftpClient#settled}. */
  static CompletableFuture<Void> settlementOf(CompletableFuture<?> request) {
    return request instanceof Request<?> ours
        ? ours.settled()
        : request.handle((value, failure) -> null);
  }

  @Override
  public CompletableFuture<RemoteAttributes> lstat(RemotePath path) {
    return exchange.submit(Requests.lstat(path));
  }

  @Override
  public CompletableFuture<RemoteAttributes> stat(RemotePath path) {
    return exchange.submit(Requests.stat(path));
  }

  @Override
  public CompletableFuture<RemoteAttributes> fstat(RemoteHandle of) {
    return on(of, Requests::fstat);
  }

  @Override
  public CompletableFuture<Void> setstat(RemotePath path, RemoteAttributes attributes) {
    return exchange.submit(Requests.setstat(path, attributes));
  }

  @Override
  public CompletableFuture<Void> fsetstat(RemoteHandle of, RemoteAttributes attributes) {
    return on(of, bytes -> Requests.fsetstat(bytes, attributes));
  }

  @Override
  public CompletableFuture<RemoteHandle> opendir(RemotePath path) {
    return exchange.submit(Requests.opendir(path, handle));
  }

  @Override
  public CompletableFuture<List<RemoteEntry>> readdir(RemoteHandle of) {
    return on(of, Requests::readdir);
  }

  @Override
  public CompletableFuture<Void> remove(RemotePath path) {
    return exchange.submit(Requests.remove(path));
  }

  @Override
  public CompletableFuture<Void> mkdir(RemotePath path, RemoteAttributes attributes) {
    return exchange.submit(Requests.mkdir(path, attributes));
  }

  @Override
  public CompletableFuture<Void> rmdir(RemotePath path) {
    return exchange.submit(Requests.rmdir(path));
  }

  @Override
  public CompletableFuture<RemotePath> realpath(RemotePath path) {
    return exchange.submit(Requests.realpath(path));
  }

  @Override
  public CompletableFuture<Void> rename(RemotePath from, RemotePath to) {
    return exchange.submit(Requests.rename(from, to));
  }

  @Override
  public CompletableFuture<ByteBuffer> readlink(RemotePath path) {
    return exchange.submit(Requests.readlink(path));
  }

  @Override
  public CompletableFuture<Void> symlink(ByteBuffer target, RemotePath link) {
    return exchange.submit(Requests.symlink(target, link));
  }

  @Override
  public CompletableFuture<Void> posixRename(RemotePath from, RemotePath to) {
    return with(Extension.POSIX_RENAME, () -> ExtendedRequests.posixRename(from, to));
  }

  @Override
  public CompletableFuture<Void> hardlink(RemotePath existing, RemotePath link) {
    return with(Extension.HARDLINK, () -> ExtendedRequests.hardlink(existing, link));
  }

  @Override
  public CompletableFuture<Void> fsync(RemoteHandle of) {
    return with(Extension.FSYNC, of, ExtendedRequests::fsync);
  }

  @Override
  public CompletableFuture<Void> lsetstat(RemotePath path, RemoteAttributes attributes) {
    return with(Extension.LSETSTAT, () -> ExtendedRequests.lsetstat(path, attributes));
  }

  @Override
  public CompletableFuture<RemoteStatistics> statvfs(RemotePath path) {
    return with(Extension.STATVFS, () -> ExtendedRequests.statvfs(path));
  }

  @Override
  public CompletableFuture<RemoteStatistics> fstatvfs(RemoteHandle of) {
    return with(Extension.FSTATVFS, of, ExtendedRequests::fstatvfs);
  }

  @Override
  public CompletableFuture<RemotePath> expandPath(RemotePath path) {
    return with(Extension.EXPAND_PATH, () -> ExtendedRequests.expandPath(path));
  }

  @Override
  public CompletableFuture<RemotePath> homeDirectory(String user) {
    return with(Extension.HOME_DIRECTORY, () -> ExtendedRequests.homeDirectory(user));
  }

  @Override
  public CompletableFuture<Void> copyData(
      RemoteHandle from, long fromOffset, long length, RemoteHandle to, long toOffset) {
    return with(
        Extension.COPY_DATA,
        from.isLive() ? to : from,
        alive ->
            ExtendedRequests.copyData(bytesOf(from), fromOffset, length, bytesOf(to), toOffset));
  }

  @Override
  public CompletableFuture<UserGroupNames> usersGroupsById(List<Integer> uids, List<Integer> gids) {
    return with(Extension.USERS_GROUPS_BY_ID, () -> ExtendedRequests.usersGroupsById(uids, gids));
  }

  private <T> CompletableFuture<T> with(Extension extension, Supplier<Request<T>> request) {
    return extensions.contains(extension)
        ? exchange.submit(request.get())
        : CompletableFuture.failedFuture(missing(extension));
  }

  private <T> CompletableFuture<T> with(
      Extension extension, RemoteHandle of, Function<ByteBuffer, Request<T>> request) {
    return extensions.contains(extension)
        ? on(of, request)
        : CompletableFuture.failedFuture(missing(extension));
  }

  private static SftpException missing(Extension extension) {
    return new SftpException(
        SftpStatus.OP_UNSUPPORTED, "the server does not have " + extension.wireName());
  }

  /** What was opened on a channel that is gone is dead. */
  private <T> CompletableFuture<T> on(RemoteHandle of, Function<ByteBuffer, Request<T>> request) {
    if (!of.isLive()) {
      return CompletableFuture.failedFuture(new ConnectionLost(of.toString()));
    }
    return exchange.submit(request.apply(bytesOf(of)));
  }

  private ByteBuffer bytesOf(RemoteHandle of) {
    if (!(of instanceof ChannelHandle ours) || ours.channel() != this) {
      throw new IllegalArgumentException(of + " was not opened here");
    }
    return ours.bytes();
  }
}
