package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.SshAgent;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  private static OpenSshServer server;
  @TempDir Path directory;
  @AutoClose SshAgent agent;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    connector.close();
    server.close();
  }

  @BeforeEach
  void startAgent() throws IOException {
    agent = SshAgent.start(directory.resolve("agent"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "rsa", "ecdsa"})
  void theAgentSigns(String type) throws Exception {
    agent.add(server.newClientKey("of_agent_" + type, type, ""));
    try (SshConnection connection = connect(Credentials.ofAgent(agent.socket()))) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void aLockedKeyFileIsLeftToTheAgent() throws Exception {
    Path locked = server.generateKey("locked", "ed25519", "secret");
    agent.add(server.clientKey());
    Credentials both = credentials(List.of(locked), false);
    try (SshConnection connection = connect(both)) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void onlyNamedKeysOfTheAgentCountIfThatIsAsked() throws IOException {
    agent.add(server.clientKey());
    Path stranger = server.generateKey("stranger", "ed25519", "");
    assertThatThrownBy(() -> connect(credentials(List.of(stranger), true)))
        .hasMessageContaining("of " + stranger)
        .hasMessageNotContaining("the agent at");
  }

  @Test
  void aRefusedKeyOfTheAgentIsNamed() throws IOException {
    Path stranger = server.generateKey("foreign", "ed25519", "");
    agent.add(stranger);
    assertThatThrownBy(() -> connect(Credentials.ofAgent(agent.socket())))
        .hasMessage(
            "authentication failed for "
                + server.target()
                + ": the server accepts publickey, password and refused ssh-ed25519 "
                + OpenSshServer.fingerprint(stranger)
                + " of the agent at "
                + agent.socket()
                + "; add the public key to authorized_keys of root on the server, whose log says"
                + " why it refused");
  }

  @Test
  void anAgentThatIsNotThereIsSaid() {
    Path nowhere = directory.resolve("nowhere");
    assertThatThrownBy(() -> connect(Credentials.ofAgent(nowhere)))
        .isInstanceOf(SshFailure.class)
        .hasMessage(
            "authentication failed for "
                + server.target()
                + ": there is no ssh-agent at "
                + nowhere
                + "; start one there, or leave IdentityAgent out");
  }

  @Test
  void anAgentThatNeverAnswersDoesNotHoldUpForEver() throws IOException {
    Path silent = directory.resolve("silent");
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(silent));
      assertThatThrownBy(() ->
              connector.connect(
                  server.target(),
                  Credentials.ofAgent(silent),
                  server.hostKeys(),
                  ConnectionSettings.DEFAULT.withTimes(Duration.ofMillis(500), Duration.ZERO, 3)))
          .isInstanceOf(SshFailure.class)
          .hasMessageContaining("no answer within 500 ms");
    }
  }

  private Credentials credentials(List<Path> keys, boolean onlyKeys) {
    return new Credentials(
        keys, List.of(), agent.socket(), onlyKeys, null, null, List.of(LoginMethod.values()));
  }

  private static SshConnection connect(Credentials credentials) throws IOException {
    return connector.connect(
        server.target(), credentials, server.hostKeys(), ConnectionSettings.DEFAULT);
  }
}
