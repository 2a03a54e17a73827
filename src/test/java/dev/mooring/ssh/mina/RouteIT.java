package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.AddressFamily;
import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.Hop;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.PassedPhase;
import dev.mooring.ssh.Route;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to a server: hosts in between, addresses, algorithms. */
class RouteIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  private static OpenSshServer server;
  private static OpenSshServer first;
  private static OpenSshServer second;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
    first = OpenSshServer.start();
    second = OpenSshServer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    connector.close();
    server.close();
    first.close();
    second.close();
  }

  @Test
  void aServerIsReachedThroughAChainOfOthers() throws Exception {
    SshConnection connection = connect(through(hop(first), hop(second)));
    try (connection) {
      assertThat(connection.hostKeyFingerprint()).isEqualTo(server.fingerprint());
      SubsystemChannel channel = connection.open("sftp").get(10, TimeUnit.SECONDS);
      channel.close();
      assertThat(connection.passed().stream().map(PassedPhase::target).distinct())
          .containsExactly(first.target(), second.target(), server.target());
      assertThat(connection.passed().stream().map(PassedPhase::phase))
          .containsExactly(
              Phase.DNS,
              Phase.TCP,
              Phase.KEY_EXCHANGE,
              Phase.HOST_KEY,
              Phase.AUTHENTICATION,
              Phase.TCP,
              Phase.KEY_EXCHANGE,
              Phase.HOST_KEY,
              Phase.AUTHENTICATION,
              Phase.TCP,
              Phase.KEY_EXCHANGE,
              Phase.HOST_KEY,
              Phase.AUTHENTICATION);
    }
    // All connections end with the last one.
    Awaitility.await()
        .untilAsserted(() -> assertThat(second.log()).contains("Connection closed by 127.0.0.1"));
  }

  @Test
  void theEndOfTheHostInBetweenIsTheEndOfTheConnection() throws Exception {
    try (OpenSshServer between = OpenSshServer.start();
        SshConnection connection = connect(through(hop(between)))) {
      between.killSessions();
      assertThat(connection.closed().get(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void aHostInBetweenThatRefusesIsNamed() throws IOException {
    Hop refused = new Hop(first.target(), Credentials.ofPassword("x"), first.hostKeys());
    assertThatThrownBy(() -> connect(through(refused)))
        .isInstanceOf(SshFailure.class)
        .hasMessageStartingWith("authentication failed for " + first.target() + ": ");
  }

  @Test
  void aHostInBetweenThatIsNotKnownIsRefused() {
    Hop unknown = new Hop(first.target(), first.credentials(), new HostKeyPolicy.Known(List.of()));
    assertThatThrownBy(() -> connect(through(unknown)))
        .hasMessageStartingWith("host key failed for " + first.target() + ": ");
  }

  @Test
  void aHostInBetweenThatForwardsNothingSaysSo() throws IOException {
    try (OpenSshServer closed = OpenSshServer.start("AllowTcpForwarding no")) {
      assertThatThrownBy(() -> connect(through(hop(closed))))
          .isInstanceOf(SshFailure.class)
          .hasMessageStartingWith(
              "TCP failed for " + server.target() + ": not reached through " + closed.target())
          .hasMessageEndingWith(
              "; check that 127.0.0.1 reaches the host, and that its sshd_config allows it"
                  + " (AllowTcpForwarding, PermitOpen)");
    }
  }

  @Test
  void aServerThatIsNotThereBehindAnotherIsATcpFailure() {
    SshTarget nobody = new SshTarget("root", "127.0.0.1", 1);
    assertThatThrownBy(() ->
            connector.connect(nobody, server.credentials(), server.hostKeys(), through(hop(first))))
        .hasMessageStartingWith("TCP failed for root@127.0.0.1:1: not reached through ");
  }

  @Test
  void theAddressToConnectFromIsChosen() throws IOException {
    connect(route(AddressFamily.IPV4, "127.0.0.7", 2)).close();
    assertThat(server.log()).contains("Connection from 127.0.0.7");
  }

  @Test
  void anAddressThatIsNotOursIsATcpFailure() {
    assertThatThrownBy(() -> connect(route(AddressFamily.ANY, "192.0.2.1", 1)))
        .isInstanceOf(SshFailure.class)
        .hasMessageStartingWith("TCP failed for " + server.target() + ": 127.0.0.1: ");
  }

  @Test
  void aFamilyThatTheServerDoesNotHaveIsADnsFailure() {
    assertThatThrownBy(() -> connect(route(AddressFamily.IPV6, null, 1)))
        .hasMessage(
            "DNS failed for "
                + server.target()
                + ": the name 127.0.0.1 has no address of the family IPV6; choose another"
                + " AddressFamily, or leave it out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes256-cbc", "3des-cbc", "chacha20-poly1305@openssh.com", "aes192-ctr"})
  void aCipherThatIsNamedIsUsed(String cipher) throws IOException {
    try (OpenSshServer only = OpenSshServer.start("Ciphers " + cipher)) {
      assertPhase(only, AlgorithmKind.CIPHER, cipher, cipher);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sntrup761x25519-sha512@openssh.com",
        "curve25519-sha256",
        "diffie-hellman-group14-sha1",
        "diffie-hellman-group16-sha512"
      })
  void aKeyExchangeThatIsNamedIsUsed(String exchange) throws IOException {
    try (OpenSshServer only = OpenSshServer.start("KexAlgorithms " + exchange)) {
      assertPhase(only, AlgorithmKind.KEY_EXCHANGE, exchange, exchange);
    }
  }

  @Test
  void aPostQuantumKeyExchangeIsTheFirstChoice() throws IOException {
    try (SshConnection connection = connect(ConnectionSettings.DEFAULT)) {
      assertThat(found(connection, Phase.KEY_EXCHANGE)).contains("sntrup761x25519-sha512");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KexAlgorithms diffie-hellman-group14-sha1",
        "Ciphers aes128-cbc",
        "MACs hmac-sha1"
      })
  void whatIsObsoleteIsOffUnlessItIsNamed(String line) throws IOException {
    String[] configuration =
        line.startsWith("MACs") ? new String[] {line, "Ciphers aes128-ctr"} : new String[] {line};
    try (OpenSshServer old = OpenSshServer.start(configuration)) {
      assertThatThrownBy(() -> connect(old, ConnectionSettings.DEFAULT))
          .isInstanceOf(SshFailure.class)
          .hasMessageStartingWith("key exchange failed for ");
    }
  }

  @Test
  void anOldServerIsReachedWhereItsAlgorithmsAreNamed() throws IOException {
    try (OpenSshServer old =
        OpenSshServer.start("MACs hmac-sha1", "Ciphers aes128-ctr", "HostKeyAlgorithms ssh-rsa")) {
      old.addHostKey("rsa");
      old.restart();
      ConnectionSettings settings =
          ConnectionSettings.DEFAULT
              .withAlgorithms(AlgorithmKind.MAC, List.of("hmac-sha1"))
              .withAlgorithms(AlgorithmKind.HOST_KEY, List.of("ssh-rsa"));
      try (SshConnection connection =
          connector.connect(
              old.target(), old.credentials(), new HostKeyPolicy.AcceptAny(), settings)) {
        assertThat(found(connection, Phase.HOST_KEY)).startsWith("ssh-rsa ");
      }
    }
  }

  private static void assertPhase(
      OpenSshServer with, AlgorithmKind kind, String name, String expected) throws IOException {
    try (SshConnection connection =
        connect(with, ConnectionSettings.DEFAULT.withAlgorithms(kind, List.of(name)))) {
      assertThat(found(connection, Phase.KEY_EXCHANGE)).contains(expected);
    }
  }

  private static String found(SshConnection connection, Phase phase) {
    return connection.passed().stream()
        .filter(passed -> passed.phase() == phase)
        .map(PassedPhase::found)
        .reduce("", (_, last) -> last);
  }

  private static Hop hop(OpenSshServer between) throws IOException {
    return new Hop(between.target(), between.credentials(), between.hostKeys());
  }

  private static ConnectionSettings through(Hop... hops) {
    return ConnectionSettings.DEFAULT.withRoute(
        new Route(AddressFamily.ANY, null, 1, null, List.of(hops)));
  }

  private static ConnectionSettings route(
      AddressFamily family, @Nullable String from, int attempts) {
    return ConnectionSettings.DEFAULT.withRoute(new Route(family, from, attempts, null, List.of()));
  }

  private static SshConnection connect(ConnectionSettings settings) throws IOException {
    return connect(server, settings);
  }

  private static SshConnection connect(OpenSshServer to, ConnectionSettings settings)
      throws IOException {
    return connector.connect(to.target(), to.credentials(), to.hostKeys(), settings);
  }
}
