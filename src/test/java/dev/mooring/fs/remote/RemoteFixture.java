package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.ChannelSource;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpSession;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.Fault;
import dev.mooring.testing.InMemoryChannel;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.ServerDialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** A remote file system in lock-step, and the server's own files behind its back. */
final class RemoteFixture {
  /** The defaults for the server's root. */
  static final RemoteSettings SETTINGS = RemoteSettings.of(RemotePath.of("/"));

  final LockStepPace pace;
  final ReferenceFileSystem server;
  final SftpClient client;
  final RemoteFileSystem remote;
  private final InMemorySftpServer network;

  /** Whether the server refuses to be connected to. */
  boolean down;

  /** How many bursts requests and replies need more on further channels; negative: it has none. */
  int detour;

  RemoteFixture(ServerDialect dialect) throws Exception {
    this(dialect, SETTINGS, files -> files);
  }

  /**
   * One with settings, whose server's files have something before them.
   *
   * @param served what the server shows of its own files
   */
  RemoteFixture(ServerDialect dialect, RemoteSettings settings, UnaryOperator<FileSystem> served)
      throws Exception {
    pace = new LockStepPace();
    server = new ReferenceFileSystem(pace);
    network = new InMemorySftpServer(served.apply(server), dialect, pace.network());
    SftpChannel channel =
        pace.call(() -> pace.get(SftpChannel.open(network.open(), pace, SftpSettings.DEFAULT, 1)));
    client = channel;
    remote = new RemoteFileSystem(channel, pace, settings);
  }

  /** Another mount of the same server. */
  RemoteFileSystem another(RemoteSettings settings) throws Exception {
    return another(settings, RememberedOwners.NONE);
  }

  /** The same, which remembers owners. */
  RemoteFileSystem another(RemoteSettings settings, RememberedOwners owners) throws Exception {
    SftpChannel channel =
        pace.call(() -> pace.get(SftpChannel.open(network.open(), pace, SftpSettings.DEFAULT, 2)));
    return new RemoteFileSystem(channel, pace, settings, owners);
  }

  private RemoteFixture(RemoteSettings settings, LockStepPace pace) throws Exception {
    this.pace = pace;
    server = new ReferenceFileSystem(pace);
    network = new InMemorySftpServer(server, ServerDialect.OPENSSH, pace.network());
    SftpSession session =
        new SftpSession(
            new Source(),
            pace,
            SftpSettings.DEFAULT
                .withHard(settings.isHard())
                .withMaxChannels(settings.transfer().maxChannels()),
            new SplittableRandom(1));
    pace.run(() -> pace.get(session.firstAttempt()));
    client = session;
    remote = new RemoteFileSystem(session, pace, settings);
  }

  /** The server's channels; those beside the first have {@link #detour} bursts more to go. */
  private final class Source implements ChannelSource {
    @Override
    public SubsystemChannel open() throws IOException {
      if (down) {
        throw new IOException("the server is down");
      }
      return network.open();
    }

    @Override
    public SubsystemChannel openBeside() throws IOException {
      if (detour < 0) {
        throw new IOException("no further channel");
      }
      return network.open(arrival -> after(detour, arrival));
    }
  }

  /** All channels to the server since it was cut last. */
  List<InMemoryChannel> channels() {
    return network.channels();
  }

  /** One whose channel is opened again when it is {@link #cut}. */
  static RemoteFixture reconnecting() throws Exception {
    return reconnecting(SETTINGS);
  }

  /** The same with other settings. */
  static RemoteFixture reconnecting(RemoteSettings settings) throws Exception {
    return reconnecting(settings, new LockStepPace());
  }

  /** The same at another pace. */
  static RemoteFixture reconnecting(RemoteSettings settings, LockStepPace pace) throws Exception {
    return new RemoteFixture(settings, pace);
  }

  /** How many handles are open on the server. */
  int openHandles() {
    return network.openHandles();
  }

  /** Does this when so many bursts have gone by, before those who waited go on. */
  void after(int bursts, Runnable then) {
    pace.network().execute(bursts == 0 ? then : () -> after(bursts - 1, then));
  }

  /** Cuts the channel; what has not arrived never does. */
  void cut() {
    network.cut("cut by the test");
  }

  /** The next request of a type (as the protocol numbers it) meets with this. */
  void next(int type, Fault fault) {
    AtomicBoolean due = new AtomicBoolean(true);
    network.meetWith(arrived -> arrived == type && due.getAndSet(false) ? fault : null);
  }

  /** From now on requests meet with these. */
  void meetWith(Fault.Plan plan) {
    network.meetWith(plan);
  }

  Caller caller() {
    return pace.caller();
  }

  /** Puts a file on the server, whatever the remote file system knows. */
  void serverHas(String name, byte[] content) throws Exception {
    Created made =
        server.create(
            server.root(), FileName.of(name), OpenFlags.WRITE.truncating(), 0644, caller());
    made.file().write(0, Bytes.payload(content), caller());
    made.file().release();
    server.forget(made.entry().node(), 1);
  }

  /** Makes a directory on the server and answers it. */
  Node serverHasDirectory(Node in, String name) throws Exception {
    return server.mkdir(in, FileName.of(name), 0755, caller()).node();
  }

  /** What is under a name, which must be there. */
  Node find(Node dir, String name) throws Exception {
    return ((Entry.Present) remote.lookup(dir, FileName.of(name), caller())).node();
  }

  Node find(String name) throws Exception {
    return find(remote.root(), name);
  }

  OpenFile open(String name, OpenFlags flags) throws Exception {
    return remote.open(find(name), flags, caller());
  }

  Created create(String name) throws Exception {
    return remote.create(remote.root(), FileName.of(name), OpenFlags.READ_WRITE, 0644, caller());
  }

  void write(OpenFile file, long offset, String text) throws Exception {
    file.write(offset, Bytes.payload(text.getBytes(StandardCharsets.UTF_8)), caller());
  }

  byte[] read(OpenFile file, long offset, int length) throws Exception {
    return Bytes.read(file, offset, length, caller());
  }

  String text(OpenFile file) throws Exception {
    return new String(read(file, 0, 1 << 16), StandardCharsets.UTF_8);
  }
}
