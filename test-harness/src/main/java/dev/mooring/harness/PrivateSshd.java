package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An OpenSSH server of our own on loopback: own port, own host key, one client key that lets every
 * user in, and passwords. Its files lie in a directory that the caller removes.
 */
public final class PrivateSshd implements AutoCloseable {
  private final Path directory;
  private final int port;
  private Process process;

  /**
   * Starts it and returns when it accepts connections.
   *
   * @param configuration lines for sshd_config, which win over ours
   */
  public PrivateSshd(Path directory, String... configuration) {
    this.directory = directory;
    try {
      port = freePort();
      keygen("host_key");
      keygen("id_ed25519");
      Files.copy(directory.resolve("id_ed25519.pub"), directory.resolve("authorized_keys"));
      Files.createDirectories(Path.of("/run/sshd"));
      Files.writeString(directory.resolve("sshd_config"), configuration(configuration));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The client's private key. */
  public Path key() {
    return directory.resolve("id_ed25519");
  }

  /** Lets another server's key in as well. */
  public void authorizeKeyOf(PrivateSshd other) {
    try {
      Files.writeString(
          directory.resolve("authorized_keys"),
          Files.readString(Path.of(other.key() + ".pub")),
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A known_hosts file that knows this server, also where it is reached through another port. */
  public Path knownHosts(int port) {
    Path file = directory.resolve("known_hosts." + port);
    try {
      String key = Files.readString(directory.resolve("host_key.pub")).strip();
      return Files.writeString(file, "[127.0.0.1]:" + port + " " + key + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the SFTP server inside: a login shell's profile would be measured, or killed, with it. */
  private String configuration(String... first) {
    return String.join("\n", first)
        + """

        Port %d
        ListenAddress 127.0.0.1
        HostKey %s/host_key
        PidFile none
        AuthorizedKeysFile %s/authorized_keys
        PermitRootLogin yes
        PasswordAuthentication yes
        UsePAM no
        StrictModes no
        MaxStartups 100
        MaxSessions 10
        Subsystem sftp internal-sftp
        """
            .formatted(port, directory, directory);
  }

  /** The SHA-256 fingerprint of its host key, as ssh-keygen -l prints it. */
  public String fingerprint() {
    String line =
        Command.of("ssh-keygen", "-l", "-f", directory + "/host_key.pub").run().orThrow().output();
    return line.split(" ", -1)[1];
  }

  /** Stops it, gives it a new host key, and starts it again. */
  public void changeHostKey() {
    close();
    try {
      Files.delete(directory.resolve("host_key"));
      Files.delete(directory.resolve("host_key.pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    keygen("host_key");
    process = launch();
  }

  /** How many connections it has: each is a process of its own. */
  public long connections() {
    return process.children().count();
  }

  /** Starts it again after {@link #close}. */
  public void restart() {
    process = launch();
  }

  private void keygen(String name) {
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory + "/" + name)
        .run()
        .orThrow();
  }

  private Process launch() {
    try {
      Process started =
          new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", directory + "/sshd_config")
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("sshd.log").toFile()))
              .start();
      Patience.until("sshd listens", Duration.ofSeconds(10), this::accepts);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Ends the listener and every session that it forked. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
