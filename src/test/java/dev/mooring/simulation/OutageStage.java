package dev.mooring.simulation;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpSession;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.Fault;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.Names;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.ServerDialect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A remote file system, its server, and a network between them that does what a step says. */
final class OutageStage {
  /** How long a call may take: the default of the option timeout. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  final LockStepPace pace = new LockStepPace();
  private final ReferenceFileSystem server = new ReferenceFileSystem(pace);
  private final InMemorySftpServer network;
  private final SftpSession session;
  private final RemoteFileSystem remote;
  private long downUntilNanos;
  private long lastFaultNanos = Long.MIN_VALUE;

  OutageStage(ServerDialect dialect, UnaryOperator<SftpClient> between) throws Exception {
    network = new InMemorySftpServer(server, dialect, pace.network());
    session = new SftpSession(this::connect, pace, SftpSettings.DEFAULT, new SplittableRandom(1));
    pace.run(() -> pace.get(session.firstAttempt()));
    remote =
        new RemoteFileSystem(between.apply(session), pace, RemoteSettings.of(RemotePath.of("/")));
  }

  private SubsystemChannel connect() throws IOException {
    if (pace.nanoTime() < downUntilNanos) {
      throw new IOException("the server is down");
    }
    return network.open();
  }

  /** The nth request from now on meets with a fault. */
  void meetWith(@Nullable Fault fault, int nth) {
    int[] left = {nth};
    network.meetWith(type -> {
      boolean due = fault != null && left[0]-- == 0;
      if (due) {
        lastFaultNanos = pace.nanoTime();
      }
      return due ? fault : null;
    });
  }

  /** Nobody answers for so long. */
  void goDown(Duration time) {
    downUntilNanos = pace.nanoTime() + time.toNanos();
    lastFaultNanos = downUntilNanos;
    network.cut("the server is down");
  }

  /** Whether nobody answered at some time in the last so long. */
  boolean wasDown(Duration within) {
    return downUntilNanos != 0 && pace.nanoTime() - downUntilNanos < within.toNanos();
  }

  /** Whether a rename over something takes several requests, between which it can stop. */
  boolean replacesInSteps() {
    return !session.extensions().contains(Extension.POSIX_RENAME);
  }

  /** Whether something went wrong in the last so long. */
  boolean wasHurt(Duration within) {
    return lastFaultNanos != Long.MIN_VALUE && pace.nanoTime() - lastFaultNanos < within.toNanos();
  }

  Caller caller() {
    return pace.caller(TIMEOUT);
  }

  private static FileName name(String name) throws ErrnoException {
    return FileName.of(name);
  }

  /** As the kernel does before it makes, opens or removes something. */
  @Nullable Node find(String name) throws ErrnoException {
    return remote.lookup(remote.root(), name(name), caller()) instanceof Entry.Present present
        ? present.node()
        : null;
  }

  void forget(@Nullable Node node) {
    if (node != null) {
      remote.forget(node, 1);
    }
  }

  OpenFile create(String name, OpenFlags flags) throws ErrnoException {
    var made = remote.create(remote.root(), name(name), flags, 0644, caller());
    remote.forget(made.entry().node(), 1);
    return made.file();
  }

  OpenFile open(Node node, OpenFlags flags) throws ErrnoException {
    return remote.open(node, flags, caller());
  }

  void truncate(OpenFile file, int size) throws ErrnoException {
    remote.setattr(file.node(), file, dev.mooring.fs.AttributeChange.ofSize(size), caller());
  }

  long size(Node node) throws ErrnoException {
    return remote.getattr(node, null, caller()).value().size();
  }

  void unlink(String name) throws ErrnoException {
    remote.unlink(remote.root(), name(name), caller());
  }

  void rename(String from, String to) throws ErrnoException {
    remote.rename(
        remote.root(),
        name(from),
        remote.root(),
        name(to),
        dev.mooring.fs.RenameFlags.REPLACE,
        caller());
  }

  void mkdir(String name) throws ErrnoException {
    forget(remote.mkdir(remote.root(), name(name), 0755, caller()).node());
  }

  void rmdir(String name) throws ErrnoException {
    remote.rmdir(remote.root(), name(name), caller());
  }

  void symlink(String name) throws ErrnoException {
    var target = dev.mooring.fs.TargetBytes.of(new byte[] {'x'});
    forget(remote.symlink(remote.root(), name(name), target, caller()).node());
  }

  List<String> list() throws ErrnoException {
    return Names.of(remote, remote.root(), caller());
  }

  /** What is on the server under each name: a type, and a number that stays with the thing. */
  record OnServer(String name, FileType type, long inode, ByteBuffer content) {}

  /** Looks at the server itself. */
  List<OnServer> tree() throws ErrnoException {
    List<OnServer> found = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d", "healed")) {
      if (server.lookup(server.root(), name(name), pace.caller())
          instanceof Entry.Present present) {
        Attributes shown = present.attributes().value();
        FileType type = FileType.ofMode(shown.mode());
        ByteBuffer content = ByteBuffer.allocate(0);
        if (type == FileType.REGULAR) {
          content = content(present.node(), (int) shown.size());
        }
        found.add(new OnServer(name, type, present.node().inode(), content));
        server.forget(present.node(), 1);
      }
    }
    return found;
  }

  private ByteBuffer content(Node node, int size) throws ErrnoException {
    OpenFile file = server.open(node, OpenFlags.READ, pace.caller());
    byte[] content = Bytes.read(file, 0, size, pace.caller());
    file.release();
    return ByteBuffer.wrap(content);
  }

  /** How many handles the server has open. */
  int openHandles() {
    return network.openHandles();
  }

  /** How many nodes are held. */
  long references() {
    return remote.references();
  }

  /** How many bytes were taken in and not written. */
  long unwritten() {
    return remote.unwritten().stream().mapToLong(RemoteFileSystem.Unwritten::bytes).sum();
  }

  void close() {
    remote.close();
    session.close();
  }
}
