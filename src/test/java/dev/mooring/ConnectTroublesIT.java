package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.mount.MountSpec;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can fail until the server lets us in, made to happen: docs/TROUBLESHOOTING.md has
 * the exact text of each, and no other.
 */
class ConnectTroublesIT {
  private static final List<String> SECTIONS =
      List.of("Reaching the server", "The host key", "Logging in");
  private static final Path ACTUAL = Path.of("target/troubleshooting-connect.txt");

  @TempDir Path directory;
  private TroubleStage stage;

  @BeforeEach
  void start() throws IOException {
    stage = new TroubleStage(directory);
  }

  @AfterEach
  void stop() throws IOException {
    stage.close();
  }

  @Test
  void everyTextHasItsEntry() throws Exception {
    reaching();
    exchangingKeys();
    knownHosts();
    otherHostKeys();
    keyFiles();
    changedKeyFiles();
    certificates();
    agents();
    logins();
    onlySaid();

    assertThat(stage.happened())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(SshTrouble.values()).filter(t -> t.phase() != Phase.SUBSYSTEM).toList());
    stage.assertPageSaysTheSame(ACTUAL, SECTIONS);
  }

  private void reaching() throws Exception {
    stage.outcome(stage.options("root@nobody.invalid:/", 22));
    stage.withKey("AddressFamily", "inet6");
    stage.withKey("BindAddress", "nobody.invalid");
    stage.at(1);
    try (ServerSocket full = listen();
        Socket _ = new Socket(full.getInetAddress(), full.getLocalPort());
        Socket _ = new Socket(full.getInetAddress(), full.getLocalPort())) {
      stage.at(full.getLocalPort(), "ConnectTimeout", "1");
    }
    try (OpenSshServer closed = OpenSshServer.start("AllowTcpForwarding no")) {
      stage.useKeyOf(closed);
      stage.withKey("ProxyJump", "root@127.0.0.1:" + closed.port());
    }
    stage.tidy();
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  private void exchangingKeys() throws Exception {
    try (ServerSocket silent = listen()) {
      stage.at(silent.getLocalPort(), "ConnectTimeout", "1");
    }
    answering("SSH-2.0-tar\u001b[31mpit\r\n", client -> {}, "ConnectTimeout", "1");
    answering("HTTP/1.1 400 Bad Request\r\n\r\n", Socket::shutdownOutput);
    try (OpenSshServer old = OpenSshServer.start("Ciphers aes128-cbc")) {
      stage.at(old.port());
    }
  }

  /** What a server does with a client. */
  private interface Treatment {
    void of(Socket client) throws IOException;
  }

  /** A server that says this to its first client, and then hears it out. */
  private void answering(String text, Treatment then, String... options) throws Exception {
    try (ServerSocket server = listen()) {
      Thread speaker =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket client = server.accept()) {
                  client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                  then.of(client);
                  client.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      stage.at(server.getLocalPort(), options);
      speaker.join();
    }
  }

  private void knownHosts() throws IOException {
    stage.withKey("StrictHostKeyChecking", "yes");
    know("", Files.readString(Path.of(stage.server().clientKey() + ".pub")));
    stage.withKey();
    know("@revoked ", stage.server().publicHostKey());
    stage.withKey();
    stage.withKey("host_key", "SHA256:" + "a".repeat(43));
    stage.tidy();
    Files.createDirectory(stage.keys().resolve("known_hosts"));
    stage.withKey();
    stage.tidy();
  }

  private void know(String marker, String key) throws IOException {
    Files.writeString(
        stage.keys().resolve("known_hosts"),
        marker + "[127.0.0.1]:" + stage.server().port() + " " + key);
  }

  private void otherHostKeys() throws IOException {
    MountSpec unwritable =
        stage.spec(
            stage.options("root@127.0.0.1:/", stage.server().port()), Path.of("/proc/known_hosts"));
    stage.outcome(unwritable, directory);
    try (OpenSshServer certified = OpenSshServer.start()) {
      Path authority = certified.generateKey("authority", "ed25519", "");
      Path host = certified.home().resolve("host_ed25519");
      keygen("-s", "" + authority, "-I", "host", "-h", "-n", "elsewhere", host + ".pub");
      Files.writeString(
          certified.home().resolve("sshd_config"),
          "HostCertificate " + host + "-cert.pub\n",
          StandardOpenOption.APPEND);
      certified.restart();
      stage.useKeyOf(certified);
      Files.writeString(
          stage.keys().resolve("known_hosts"),
          "@cert-authority * " + Files.readString(Path.of(authority + ".pub")));
      stage.at(certified.port());
    }
    stage.tidy();
  }

  private static void keygen(String... arguments) throws IOException {
    Command.run(
        Stream.concat(Stream.of("ssh-keygen", "-q"), Stream.of(arguments)).toArray(String[]::new));
  }

  private void keyFiles() throws IOException {
    Path locked = stage.server().generateKey("locked", "ed25519", "right");
    Files.copy(locked, stage.keys().resolve("id_locked"));
    stage.withKey("IdentityFile", "id_locked");
    stage.withKey("IdentityFile", "id_locked", "passphrase", "bad");
    stage.tidy();
    Files.writeString(stage.keys().resolve("notes"), "buy milk\n");
    stage.withKey("IdentityFile", "notes");
    Files.writeString(stage.keys().resolve("notes"), "ssh-ed25519 AAAA\n");
    stage.withKey("IdentityFile", "notes");
    Files.writeString(stage.keys().resolve("notes"), "x".repeat(65 * 1024));
    stage.withKey("IdentityFile", "notes");
    stage.tidy();
  }

  /** What was there at Create need not be there at Mount. */
  private void changedKeyFiles() throws IOException {
    Path key = stage.keys().resolve("id_work");
    Files.copy(stage.server().clientKey(), key);
    MountSpec spec =
        stage.spec(
            stage.options("root@127.0.0.1:/", stage.server().port(), "IdentityFile", "id_work"));
    Files.delete(key);
    stage.outcome(spec, directory);
  }

  private void certificates() throws IOException {
    Path other = stage.server().generateKey("other", "ed25519", "");
    keygen("-s", "" + other, "-I", "x", "-n", "root", other + ".pub");
    Files.copy(Path.of(other + "-cert.pub"), stage.keys().resolve("x-cert.pub"));
    stage.withKey("CertificateFile", "x-cert.pub");
    stage.withKey("CertificateFile", "id_ed25519.pub");
    Files.writeString(stage.keys().resolve("x-cert.pub"), "ssh-ed25519-cert-v01@openssh.com A\n");
    stage.withKey("CertificateFile", "x-cert.pub");
    stage.tidy();
  }

  private void agents() throws IOException {
    stage.withKey("IdentityAgent", "/run/user/1000/agent.sock");
    Path socket = Files.createDirectory(directory.resolve("agents")).resolve("silent.sock");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket));
      stage.withKey("IdentityAgent", "silent.sock", "ConnectTimeout", "1");
    }
  }

  private void logins() throws IOException {
    String[] password = {"password", "bad", "IdentityFile", "none"};
    String source = stage.user().name() + "@127.0.0.1:/";
    stage.outcome(stage.options(source, stage.server().port(), password));
    try (OpenSshServer keysOnly = OpenSshServer.start("PasswordAuthentication no")) {
      stage.outcome(stage.options(source, keysOnly.port(), password));
    }
    try (OpenSshServer passwordsOnly = OpenSshServer.start("PubkeyAuthentication no")) {
      stage.at(passwordsOnly.port());
    }
    try (OpenSshServer neither =
        OpenSshServer.start(
            "PubkeyAuthentication no",
            "PasswordAuthentication no",
            "HostbasedAuthentication yes")) {
      stage.at(neither.port());
    }
    Path stranger = stage.server().generateKey("stranger", "ed25519", "");
    Files.copy(stranger, stage.keys().resolve("id_work"));
    stage.withKey("IdentityFile", "id_work");
    stage.withKey("IdentityFile", "none");
    stage.tidy();
  }

  /** Of a resolver, a disk or a server that does what none of ours does at a test's word. */
  private void onlySaid() {
    String target = "root@127.0.0.1:PORT";
    stage.say(SshTrouble.NAME_OVERDUE, "root@box:22", "no answer within 15 s", "box");
    stage.say(SshTrouble.UNFORESEEN, target, "java.lang.IllegalStateException: REASON");
    stage.say(SshTrouble.KEY_FORBIDDEN, target, "KEYS/id_ed25519", "REASON");
    stage.say(
        SshTrouble.LOGIN_CUT,
        target,
        "the server disconnected: Too many authentication failures",
        "the password",
        "root");
    stage.say(SshTrouble.LOGIN_LOST, target, "the server closed it without a word");
    stage.say(SshTrouble.LOGIN_OVERDUE, target, "no answer within 15 s");
  }
}
