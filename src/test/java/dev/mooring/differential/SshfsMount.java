package dev.mooring.programs;

import static org.awaitility.Awaitility.await;

import dev.mooring.testing.Command;
import dev.mooring.testing.SftpServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * A directory served by OpenSSH's sftp-server and mounted by C sshfs, which we are compared with.
 */
public final class SshfsMount implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Path served;
  private final Path mountPoint;
  private final Process sshfs;

  /** Mounts a new directory in {@code parent}, with sshfs's own defaults. */
  public SshfsMount(Path parent) throws IOException {
    served = Files.createDirectory(parent.resolve("sshfs-served"));
    mountPoint = Files.createDirectory(parent.resolve("sshfs-mount"));
    // In place of ssh: the same server that we speak to, without a line between.
    Path server =
        Files.writeString(
            parent.resolve("server"), "#!/bin/sh\nexec " + SftpServerProcess.PROGRAM + "\n");
    Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));
    sshfs =
        new ProcessBuilder(
                "sshfs",
                "-f",
                "-o",
                "ssh_command=" + server,
                "nobody@nowhere:" + served,
                mountPoint.toString())
            .inheritIO()
            .start();
    await().atMost(SOON).until(this::isMounted);
  }

  private boolean isMounted() throws IOException {
    if (!sshfs.isAlive()) {
      throw new IOException("sshfs has ended with " + sshfs.exitValue());
    }
    return Files.readString(Path.of("/proc/self/mounts")).contains(" " + mountPoint + " ");
  }

  /** Where the server has it. */
  public Path served() {
    return served;
  }

  /** Where it is mounted. */
  public Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void close() throws IOException {
    Command.run("umount", mountPoint.toString());
    await().atMost(SOON).until(() -> !sshfs.isAlive());
  }
}
