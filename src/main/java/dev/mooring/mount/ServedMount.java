package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteFileSystem.Activity;
import dev.mooring.fs.remote.RemoteFileSystem.Unwritten;
import dev.mooring.fuse.FuseSession;
import dev.mooring.mount.MountStatus.Usage;
import dev.mooring.sftp.SessionStatus;
import dev.mooring.sftp.SftpSession;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mount and all that is below it, to be taken apart from the top down. */
final class ServedMount implements LiveMount {
  private static final Logger log = LoggerFactory.getLogger(ServedMount.class);

  /** How long all that is dirty may take to reach the server: Docker kills us after ten seconds. */
  private static final Duration WRITING = Duration.ofSeconds(7);

  /** How long those who have files open may take to close them. */
  private static final Duration LETTING_GO = Duration.ofSeconds(2);

  /** What they get of that when the server has used up the time. */
  private static final Duration LETTING_GO_AT_LEAST = Duration.ofMillis(500);

  /** All of it, with what detaching and aborting may take. */
  private static final Duration ENDING = WRITING.plusSeconds(3);

  private final SshTarget target;
  private final FuseSession fuse;
  private final RemoteFileSystem fileSystem;
  private final SftpSession session;
  private final ConnectionSource source;
  private final Instant since;
  private final Pace pace;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  ServedMount(
      SshTarget target,
      FuseSession fuse,
      RemoteFileSystem fileSystem,
      SftpSession session,
      ConnectionSource source,
      Pace pace) {
    this.target = target;
    this.fuse = fuse;
    this.fileSystem = fileSystem;
    this.session = session;
    this.source = source;
    this.pace = pace;
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
        now.state() == SessionStatus.State.CONNECTED,
        now.roundTrip(),
        (int) Math.max(0, now.connections() - 1),
        failure == null ? null : failure.getMessage(),
        usage());
  }

  private Usage usage() {
    Activity activity = fileSystem.activity();
    return new Usage(
        activity.openFiles(),
        activity.bytesRead(),
        activity.bytesWritten(),
        activity.remembered(),
        activity.asked());
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      awaitEnd();
      return;
    }
    try (source;
        session;
        fileSystem) {
      end();
    } finally {
      over.complete(null);
    }
  }

  /** Somebody else is closing it, and our process may end when this returns. */
  private void awaitEnd() {
    try {
      pace.await(over, Waiting.within(ENDING, pace));
    } catch (ErrnoException e) {
      log.warn("the mount at {} is still being closed", mountPoint());
    }
  }

  /** Writes what is dirty before anybody is cut off, and afterwards what came meanwhile. */
  private void end() {
    Caller patience = Waiting.within(WRITING, pace);
    write(patience);
    fuse.close(timeToLetGo(patience));
    write(patience);
    for (Unwritten lost : fileSystem.unwritten()) {
      log.error(
          "{} bytes of {} on {} are lost: the server had not taken them when the mount ended",
          lost.bytes(),
          lost.path(),
          target);
    }
  }

  private void write(Caller patience) {
    try {
      fileSystem.sync(patience);
    } catch (ErrnoException e) {
      // What is only late may still arrive, or is named in the end.
      if (e.errno() != Errno.ETIMEDOUT) {
        log.error("{}: {}", target, e.getMessage());
      }
    }
  }

  private Duration timeToLetGo(Caller patience) {
    Duration left = Duration.ofNanos(patience.deadlineNanos() - pace.nanoTime());
    Duration most = left.compareTo(LETTING_GO) < 0 ? left : LETTING_GO;
    return most.compareTo(LETTING_GO_AT_LEAST) < 0 ? LETTING_GO_AT_LEAST : most;
  }
}
