package dev.mooring.mount;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A mount of which the test says when the kernel lets go. */
final class FakeLive implements LiveMount {
  private final Path mountPoint;
  final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closed;

  FakeLive(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public Path mountPoint() {
    return mountPoint;
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public MountStatus status() {
    return new MountStatus(
        "u@h:22",
        "OpenSSH",
        "SHA256:x",
        Instant.EPOCH,
        true,
        Duration.ofMillis(2),
        0,
        null,
        new MountStatus.Usage(1, 2, 3, 4, 4));
  }

  @Override
  public void close() {
    closed = true;
    ended.complete(null);
  }
}
