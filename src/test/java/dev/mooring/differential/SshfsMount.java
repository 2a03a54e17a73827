package dev.mooring.differential;

import static org.awaitility.Awaitility.await;

import dev.mooring.fuse.MountSyscalls;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A mount by C sshfs, which we are compared with, as root and through ssh. */
final class SshfsMount implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Path mountPoint;
  private final Path log;
  private final Process sshfs;

  /**
   * Mounts.
   *
   * @param log a new file, for what sshfs prints
   * @param options besides those that lead to the server
   */
  SshfsMount(OpenSshServer server, Path served, Path mountPoint, Path log, List<String> options)
      throws IOException {
    this.mountPoint = mountPoint;
    this.log = log;
    List<String> words = new ArrayList<>(List.of("sshfs", "-f", "-p", "" + server.port()));
    List<String> all = new ArrayList<>(options);
    all.add("IdentityFile=" + server.clientKey());
    all.addAll(List.of("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"));
    all.addAll(List.of("BatchMode=yes", "LogLevel=ERROR"));
    words.addAll(List.of("-o", String.join(",", all)));
    words.addAll(List.of("root@127.0.0.1:" + served, mountPoint.toString()));
    sshfs =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    await().atMost(SOON).until(this::isMounted);
  }

  private boolean isMounted() throws IOException {
    if (!sshfs.isAlive()) {
      throw new IOException("sshfs has ended: " + log());
    }
    return Files.readString(Path.of("/proc/self/mounts")).contains(" " + mountPoint + " ");
  }

  /** What it has printed. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() throws IOException {
    if (sshfs.isAlive()) {
      MountSyscalls.detach(mountPoint);
      sshfs.destroy();
    }
    try {
      if (!sshfs.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("sshfs does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sshfs.destroyForcibly();
    }
  }
}
