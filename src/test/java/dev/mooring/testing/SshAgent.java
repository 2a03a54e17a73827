package dev.mooring.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A private ssh-agent on a socket of its own. */
public final class SshAgent implements AutoCloseable {
  private final Path socket;
  private final Process process;

  private SshAgent(Path socket, Process process) {
    this.socket = socket;
    this.process = process;
  }

  /** Starts one; returns when it listens. */
  public static SshAgent start(Path socket) throws IOException {
    Process process =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .start();
    // It prints this line when it listens.
    Objects.requireNonNull(process.inputReader().readLine(), "ssh-agent did not start");
    return new SshAgent(socket, process);
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /** Gives it a key, and the certificate beside it. */
  public void add(Path key) throws IOException {
    Command.run(List.of("env", "SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", key.toString()), "");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
