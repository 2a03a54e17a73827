package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ConnectFailureIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  private static final ConnectionSettings SHORT =
      ConnectionSettings.DEFAULT.withTimes(Duration.ofMillis(700), Duration.ZERO, 3);

  @AfterAll
  static void stop() {
    connector.close();
  }

  @Test
  void aNameThatDoesNotResolve() {
    assertFails(
        new SshTarget("u", "no-such-host.invalid", 22),
        ConnectionSettings.DEFAULT,
        Phase.DNS,
        "DNS failed for u@no-such-host.invalid:22: the name no-such-host.invalid does not resolve;"
            + " check the name; names of containers do not resolve here, publish the port and name"
            + " the host instead");
  }

  @Test
  void aPortWhereNobodyListens() throws IOException {
    SshTarget target;
    try (ServerSocket closed = listen(1)) {
      target = targetOf(closed);
    }
    assertFails(
        target,
        ConnectionSettings.DEFAULT,
        Phase.TCP,
        "TCP failed for "
            + target
            + ": 127.0.0.1: Connection refused; check address and port, that an SSH server listens"
            + " there, and the firewalls in between");
  }

  @Test
  void anAddressThatDoesNotAnswer() throws IOException {
    // A queue of pending connections that is full drops what comes after, as a firewall does.
    try (ServerSocket full = listen(1);
        Socket _ = new Socket(full.getInetAddress(), full.getLocalPort());
        Socket _ = new Socket(full.getInetAddress(), full.getLocalPort())) {
      assertFails(
          targetOf(full),
          SHORT,
          Phase.TCP,
          "TCP failed for "
              + targetOf(full)
              + ": no answer within 700 ms; check address and port, that an SSH server listens"
              + " there, and the firewalls in between");
    }
  }

  @Test
  void aServerThatAcceptsAndNeverSpeaks() throws IOException {
    try (ServerSocket silent = listen(5)) {
      assertThatThrownBy(() -> connect(targetOf(silent), SHORT))
          .hasMessageStartingWith(
              "key exchange failed for "
                  + targetOf(silent)
                  + ": no answer within 700 ms: it accepts connections but says nothing; check"
                  + " that port "
                  + silent.getLocalPort()
                  + " is an SSH server's");
    }
  }

  @Test
  void aServerThatSaysItsNameAndNoMoreIsQuotedWithoutItsControlCharacters() throws IOException {
    try (ServerSocket speaker = listen(5)) {
      answer(speaker, "SSH-2.0-odd\u001b[31m\r\n", false);
      assertThatThrownBy(() -> connect(targetOf(speaker), SHORT))
          .hasMessageContaining(
              "no answer within 700 ms: it said SSH-2.0-odd\\u{1b}[31m and no more");
    }
  }

  @Test
  void aServerOfAnotherProtocol() throws IOException {
    try (ServerSocket web = listen(5)) {
      answer(web, "HTTP/1.1 400 Bad Request\r\n\r\n", true);
      SshFailure failure = failureOf(targetOf(web), ConnectionSettings.DEFAULT);
      assertThat(failure.phase()).isEqualTo(Phase.KEY_EXCHANGE);
      assertThat(failure)
          .hasMessageContaining("check that port " + web.getLocalPort() + " is an SSH server's");
    }
  }

  @Test
  void aServerWithOtherCiphers() throws IOException {
    try (OpenSshServer server = OpenSshServer.start("Ciphers aes256-ctr")) {
      SshFailure failure = failureOf(server.target(), ciphers("aes128-gcm@openssh.com"));
      assertThat(failure.phase()).isEqualTo(Phase.KEY_EXCHANGE);
      assertThat(failure)
          .hasMessageContaining("aes256-ctr")
          .hasMessageContaining("aes128-gcm@openssh.com")
          .hasMessageNotContaining("\n");
    }
  }

  private static ConnectionSettings ciphers(String name) {
    return ConnectionSettings.DEFAULT.withAlgorithms(AlgorithmKind.CIPHER, List.of(name));
  }

  private static ServerSocket listen(int backlog) throws IOException {
    return new ServerSocket(0, backlog, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  private static SshTarget targetOf(ServerSocket socket) {
    return new SshTarget("u", "127.0.0.1", socket.getLocalPort());
  }

  /** Writes the text to the first connection. */
  private static void answer(ServerSocket server, String text, boolean thenClose) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            Socket socket = server.accept();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            if (thenClose) {
              socket.close();
            }
          } catch (IOException _) {
            // The test is over.
          }
        });
  }

  private static void assertFails(
      SshTarget target, ConnectionSettings settings, Phase phase, String message) {
    SshFailure failure = failureOf(target, settings);
    assertThat(failure).hasMessage(message);
    assertThat(failure.phase()).isEqualTo(phase);
  }

  private static SshFailure failureOf(SshTarget target, ConnectionSettings settings) {
    try {
      connect(target, settings);
    } catch (SshFailure e) {
      return e;
    }
    throw new AssertionError("connected to " + target);
  }

  private static void connect(SshTarget target, ConnectionSettings settings) throws SshFailure {
    connector
        .connect(target, Credentials.ofPassword("x"), new HostKeyPolicy.AcceptAny(), settings)
        .close();
  }
}
