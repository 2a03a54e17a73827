package dev.mooring.testing;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A private OpenSSH server on 127.0.0.1 with keys, configuration and log of its own, in a fresh
 * directory that goes with it. Needs root. Has nothing to do with a server of the machine.
 *
 * <p>It lets root in with {@link #clientKey}, and users of {@link #addUser} with a password. Its
 * SFTP server sees the whole machine; {@link #directory} is the scratch directory for tests, where
 * every user may write.
 */
public final class OpenSshServer implements AutoCloseable {
  /** The separate sftp-server program, for {@link #withSftpServer}. */
  public static final String EXTERNAL_SFTP_SERVER = "/usr/lib/openssh/sftp-server";

  private static final int PORT_ATTEMPTS = 20;
  private static final Duration END_OF_LOG = Duration.ofSeconds(20);

  private final Path home;
  private final Path directory;
  private final Path clientKey;
  private final List<Path> hostKeys = new ArrayList<>();
  private final List<TemporaryUser> users = new ArrayList<>();
  private final Thread stopAtExit = new Thread(this::stop);
  private int port;
  private @Nullable Process daemon;
  private Thread logReader = Thread.ofVirtual().start(() -> {});

  private OpenSshServer(String sftpServer, List<String> configuration) throws IOException {
    home =
        Files.createTempDirectory(
            "mooring-sshd-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    directory = Files.createDirectory(home.resolve("files"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.createFile(home.resolve("authorized_keys"));
    hostKeys.add(generateKey("host_ed25519", "ed25519", ""));
    clientKey = newClientKey("client_ed25519", "ed25519", "");
    List<String> lines = new ArrayList<>(configuration);
    lines.addAll(
        List.of(
            "HostKey " + hostKeys.getFirst(),
            "AuthorizedKeysFile " + home.resolve("authorized_keys"),
            "PidFile none",
            "StrictModes no",
            "PermitRootLogin yes",
            "UsePAM no",
            "PasswordAuthentication yes",
            "KbdInteractiveAuthentication no",
            "MaxStartups 200",
            "LogLevel VERBOSE",
            // bash as login shell reads root's .bashrc otherwise, where a session that is killed
            // may
            // leave a lock behind that every later one waits for.
            "SetEnv SHLVL=2",
            "Subsystem sftp " + sftpServer));
    Files.write(home.resolve("sshd_config"), lines);
    // sshd insists on the empty directory that it locks its unprivileged part into.
    Files.createDirectories(Path.of("/run/sshd"));
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /** Starts one with {@code internal-sftp}. The lines go first into sshd_config, so they win. */
  public static OpenSshServer start(String... configuration) throws IOException {
    return withSftpServer("internal-sftp", configuration);
  }

  /** Starts one whose subsystem {@code sftp} is this command; otherwise as {@link #start}. */
  public static OpenSshServer withSftpServer(String sftpServer, String... configuration)
      throws IOException {
    OpenSshServer server = new OpenSshServer(sftpServer, Arrays.asList(configuration));
    try {
      server.startOnFreePort();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Root on this server. */
  public SshTarget target() {
    return target("root");
  }

  /** A user on this server. */
  public SshTarget target(String user) {
    return new SshTarget(user, "127.0.0.1", port);
  }

  /** What lets root in: {@link #clientKey}. */
  public Credentials credentials() {
    return Credentials.ofKey(clientKey);
  }

  /** Pins this server's key. */
  public HostKeyPolicy hostKeys() throws IOException {
    return new HostKeyPolicy.Pinned(List.of(fingerprint()));
  }

  /** The SHA-256 fingerprint of its first host key, as ssh-keygen -l prints it. */
  public String fingerprint() throws IOException {
    return fingerprint(hostKeys.getFirst());
  }

  /** The SHA-256 fingerprint of a key file, as ssh-keygen -l prints it. */
  public static String fingerprint(Path key) throws IOException {
    return Command.run("ssh-keygen", "-l", "-f", key.toString()).split(" ", 3)[1];
  }

  /** The first host key's public half, one line as in a {@code .pub} file. */
  public String publicHostKey() throws IOException {
    return Files.readString(publicHalf(hostKeys.getFirst())).trim();
  }

  /** An ed25519 key without passphrase that every user may log in with. */
  public Path clientKey() {
    return clientKey;
  }

  /** The scratch directory: empty at first, mode 0777. */
  public Path directory() {
    return directory;
  }

  /** The server's own directory, for further files that should go with it. */
  public Path home() {
    return home;
  }

  /** What the server has logged so far. */
  public String log() throws IOException {
    return Files.readString(home.resolve("log"));
  }

  /**
   * Makes a key that every user may log in with.
   *
   * @param type as of ssh-keygen -t
   * @param options further arguments of ssh-keygen
   * @return the private half
   */
  public Path newClientKey(String name, String type, String passphrase, String... options)
      throws IOException {
    Path key = generateKey(name, type, passphrase, options);
    Files.writeString(
        home.resolve("authorized_keys"),
        Files.readString(publicHalf(key)),
        StandardOpenOption.APPEND);
    return key;
  }

  /** Makes a key that this server knows nothing of. */
  public Path generateKey(String name, String type, String passphrase, String... options)
      throws IOException {
    Path key = home.resolve(name);
    List<String> words = new ArrayList<>(List.of("ssh-keygen", "-q", "-t", type));
    words.addAll(List.of("-N", passphrase, "-C", name, "-f", key.toString()));
    words.addAll(Arrays.asList(options));
    Command.run(words, "");
    return key;
  }

  /** Makes a user of this machine with a random name and a password; close removes it. */
  public TemporaryUser addUser() throws IOException {
    TemporaryUser user = TemporaryUser.create(home);
    users.add(user);
    return user;
  }

  /**
   * Gives the server another host key of this type, in place of the first, from {@link #restart}
   * on.
   */
  public void replaceHostKey(String type) throws IOException {
    Path old = hostKeys.getFirst();
    Path key = generateKey(old.getFileName() + "_then_" + type, type, "");
    hostKeys.set(0, key);
    Path config = home.resolve("sshd_config");
    Files.writeString(
        config, Files.readString(config).replace("HostKey " + old + "\n", "HostKey " + key + "\n"));
  }

  /** Starts it again on the same port, with what sshd_config says now; first stops it. */
  public void restart() throws IOException {
    stop();
    launch();
  }

  /** Gives the server one more host key of this type, from {@link #restart} on. */
  public Path addHostKey(String type) throws IOException {
    Path key = generateKey("host_" + type, type, "");
    hostKeys.add(key);
    Files.writeString(
        home.resolve("sshd_config"), "HostKey " + key + "\n", StandardOpenOption.APPEND);
    return key;
  }

  /** How many connections it has: a process of sshd each. */
  public long connections() {
    return daemon == null ? 0 : daemon.children().count();
  }

  /** The processes of {@link #EXTERNAL_SFTP_SERVER} that it runs. */
  public List<ProcessHandle> sftpServers() {
    return daemon == null
        ? List.of()
        : daemon
            .descendants()
            .filter(process -> process.info().command().orElse("").equals(EXTERNAL_SFTP_SERVER))
            .toList();
  }

  /** Stops the connections without closing them, as a cable that is pulled; for ever. */
  public void suspendSessions() throws IOException {
    if (daemon != null) {
      for (ProcessHandle session : daemon.descendants().toList()) {
        try {
          Command.run("kill", "-STOP", Long.toString(session.pid()));
        } catch (IOException e) {
          // What was needed for the login alone may be about to end.
          if (session.isAlive()) {
            throw e;
          }
        }
      }
    }
  }

  /** Kills the connections, as a crash would; the server goes on listening. */
  public void killSessions() {
    if (daemon != null) {
      kill(daemon.descendants().toList());
    }
  }

  /** Kills the server and its connections. Does nothing when it is not running. */
  public void stop() {
    if (daemon != null) {
      List<ProcessHandle> sessions = daemon.descendants().toList();
      // Through its handle: a Process would close the stream of the log under its reader.
      daemon.toHandle().destroyForcibly();
      daemon.onExit().join();
      kill(sessions);
      awaitEndOfLog();
      daemon = null;
    }
  }

  /** The log ends when the last session has: each holds its other end. */
  private void awaitEndOfLog() {
    try {
      if (!logReader.join(END_OF_LOG)) {
        throw new IllegalStateException("a session of sshd outlives its killing");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it and removes its directory and users. */
  @Override
  public void close() throws IOException {
    stop();
    Runtime.getRuntime().removeShutdownHook(stopAtExit);
    for (TemporaryUser user : users) {
      user.close();
    }
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void startOnFreePort() throws IOException {
    for (int attempt = 1; ; attempt++) {
      port = freePort();
      try {
        launch();
        return;
      } catch (IOException e) {
        // Another process may have taken the port since: then this one's turn is over.
        if (attempt == PORT_ATTEMPTS || !String.valueOf(e.getMessage()).contains("in use")) {
          throw e;
        }
      }
    }
  }

  private void launch() throws IOException {
    Process process =
        new ProcessBuilder(
                "/usr/sbin/sshd",
                "-D",
                "-e",
                "-f",
                home.resolve("sshd_config").toString(),
                "-o",
                "ListenAddress=127.0.0.1:" + port)
            .start();
    BufferedReader log = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder soFar = new StringBuilder();
    // sshd prints this line after listen(2), so from then on no connection is refused.
    while (soFar.indexOf("Server listening on") < 0) {
      String line = log.readLine();
      if (line == null) {
        throw new IOException("sshd did not start: " + soFar);
      }
      soFar.append(line).append('\n');
    }
    append(soFar.toString());
    logReader = Thread.ofVirtual().start(() -> log.lines().forEach(l -> append(l + "\n")));
    daemon = process;
  }

  /** Below the range that the kernel gives to outgoing connections, so those never collide. */
  private static int freePort() throws IOException {
    while (true) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
        return candidate;
      } catch (BindException _) {
        // Taken: try another.
      }
    }
  }

  private static void kill(List<ProcessHandle> processes) {
    // Not waited for: an orphan that process 1 does not reap would count as alive for ever.
    processes.forEach(ProcessHandle::destroyForcibly);
  }

  private static Path publicHalf(Path key) {
    return key.resolveSibling(key.getFileName() + ".pub");
  }

  private void append(String text) {
    try {
      Files.writeString(
          home.resolve("log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
