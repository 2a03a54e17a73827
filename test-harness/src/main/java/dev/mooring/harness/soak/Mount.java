package dev.mooring.harness.soak;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Mooring, mounted with its defaults. */
final class Mount implements AutoCloseable {
  private final Path mountPoint;
  private final Process process;

  /** Mounts; returns when it is there. */
  Mount(Path launcher, int port, Path served, Path mountPoint, PrivateSshd sshd, Path log) {
    this.mountPoint = mountPoint;
    List<String> command =
        List.of(
            launcher.toString(),
            "mount",
            "-f",
            "root@127.0.0.1:" + served,
            mountPoint.toString(),
            "-o",
            "port=" + port,
            "-o",
            "IdentityFile=" + sshd.key(),
            "-o",
            "UserKnownHostsFile=" + sshd.knownHosts(port),
            "-o",
            "StrictHostKeyChecking=yes" + System.getProperty("mooring.options", ""));
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Patience.until("it mounts, see " + log, Duration.ofMinutes(1), this::isMounted);
  }

  private boolean isMounted() {
    return Workspace.mountsBelow(mountPoint).contains(mountPoint);
  }

  /** The mount never goes away. */
  void mustBeAlive() {
    if (!process.isAlive() || !isMounted()) {
      throw new IllegalStateException("the mount is gone");
    }
  }

  @Override
  public void close() {
    Command.of("umount", mountPoint.toString()).run();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
