package dev.mooring.mount;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseSession;
import dev.mooring.sftp.SessionStatus;
import dev.mooring.sftp.SftpSession;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A mount and all that is below it, to be taken apart from the top down. */
final class ServedMount implements LiveMount {
  private final SshTarget target;
  private final FuseSession fuse;
  private final FileSystem fileSystem;
  private final SftpSession session;
  private final ConnectionSource source;
  private final Instant since;
  private final AtomicBoolean closed = new AtomicBoolean();

  ServedMount(
      SshTarget target,
      FuseSession fuse,
      FileSystem fileSystem,
      SftpSession session,
      ConnectionSource source,
      Pace pace) {
    this.target = target;
    this.fuse = fuse;
    this.fileSystem = fileSystem;
    this.session = session;
    this.source = source;
    this.since = Instant.ofEpochSecond(pace.epochSeconds());
  }

  @Override
  public Path mountPoint() {
    return fuse.mountPoint();
  }

  @Override
  public CompletableFuture<Void> ended() {
    return fuse.ended();
  }

  @Override
  public MountStatus status() {
    SessionStatus now = session.status();
    SshConnection connection = source.last();
    IOException failure = now.lastFailure();
    return new MountStatus(
        target.toString(),
        connection == null ? "" : connection.serverVersion(),
        connection == null ? "" : connection.hostKeyFingerprint(),
        since,
        (int) Math.max(0, now.connections() - 1),
        failure == null ? null : failure.getMessage());
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    // Detaching lets what is open be written and closed; only then is it taken from below them.
    try (source;
        session;
        fileSystem) {
      fuse.close();
    }
  }
}
