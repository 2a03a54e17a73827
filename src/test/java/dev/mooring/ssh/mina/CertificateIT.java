package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.Route;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.SshAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of users and of hosts, signed by an authority of the test. */
class CertificateIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  @TempDir Path directory;
  @AutoClose OpenSshServer server;
  private Path authority;
  private Path known;

  @BeforeEach
  void start() throws IOException {
    authority = directory.resolve("authority");
    keygen("-t", "ed25519", "-N", "", "-f", authority.toString());
    known = directory.resolve("known_hosts");
    server = OpenSshServer.start("TrustedUserCAKeys " + authority + ".pub");
  }

  @AfterAll
  static void stop() {
    connector.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "rsa", "ecdsa"})
  void aCertificateBesideItsKeyLogsIn(String type) throws IOException {
    Path key = certified("user_" + type, type, "+1h");
    assertLogsIn(Credentials.ofKey(key));
  }

  @Test
  void aCertificateMayLieElsewhere() throws IOException {
    Path key = certified("moved", "ed25519", "+1h");
    Path certificate = Files.move(beside(key), directory.resolve("certificate"));
    assertLogsIn(
        new Credentials(
            List.of(key),
            List.of(certificate),
            null,
            false,
            null,
            null,
            List.of(LoginMethod.PUBLIC_KEY)));
  }

  @Test
  void theAgentHasCertificatesToo() throws IOException {
    try (SshAgent agent = SshAgent.start(directory.resolve("agent"))) {
      agent.add(certified("in_agent", "ed25519", "+1h"));
      assertLogsIn(Credentials.ofAgent(agent.socket()));
    }
  }

  @Test
  void anExpiredCertificateIsCalledThat() throws IOException {
    Path key = certified("late", "ed25519", "20200101:20200102");
    assertThatThrownBy(() -> assertLogsIn(Credentials.ofKey(key)))
        .hasMessageContaining(beside(key) + " (expired)");
  }

  @Test
  void aCertificateOfAnotherKeyIsSaid() throws IOException {
    Path certificate = beside(certified("one", "ed25519", "+1h"));
    Path key = server.generateKey("two", "ed25519", "");
    Credentials credentials =
        new Credentials(
            List.of(key),
            List.of(certificate),
            null,
            false,
            null,
            null,
            List.of(LoginMethod.PUBLIC_KEY));
    assertThatThrownBy(() -> assertLogsIn(credentials))
        .isInstanceOf(SshFailure.class)
        .hasMessageContaining("there is no key file for the certificate " + certificate)
        .hasMessageEndingWith(
            "; name its private key with IdentityFile, or add key and certificate to the agent");
  }

  @Test
  void aHostOfTheAuthorityIsKnown() throws IOException {
    certifyHost("127.0.0.1");
    trustAuthority("@cert-authority");
    assertGood(new HostKeyPolicy.Known(List.of(known)), null);
  }

  @Test
  void aCertificateForAnAliasIsAskedForByIt() throws IOException {
    certifyHost("box.example");
    trustAuthority("@cert-authority");
    assertGood(new HostKeyPolicy.Known(List.of(known)), "box.example");
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws IOException {
    certifyHost("elsewhere.example");
    trustAuthority("@cert-authority");
    assertThatThrownBy(() -> assertGood(new HostKeyPolicy.Known(List.of(known)), null))
        .isInstanceOf(SshFailure.class)
        .hasMessageStartingWith(
            "host key failed for " + server.target() + ": the host's certificate is not good: ")
        .hasMessageContaining("elsewhere.example")
        .hasMessageEndingWith(
            "; have the authority sign the host's key anew for this name: ssh-keygen -s CA -I ID"
                + " -h -n 127.0.0.1");
  }

  @Test
  void aRevokedAuthorityIsRefused() throws IOException {
    certifyHost("127.0.0.1");
    trustAuthority("@cert-authority");
    trustAuthority("@revoked");
    assertThatThrownBy(() -> assertGood(new HostKeyPolicy.Known(List.of(known)), null))
        .hasMessageContaining("is revoked by " + known + " line 2");
  }

  @Test
  void anotherAuthoritysHostIsNotKnown() throws IOException {
    certifyHost("127.0.0.1");
    Path other = server.generateKey("other_authority", "ed25519", "");
    Files.writeString(known, "@cert-authority * " + Files.readString(Path.of(other + ".pub")));
    assertThatThrownBy(() -> assertGood(new HostKeyPolicy.Known(List.of(known)), null))
        .hasMessageContaining("no known hosts file has a key of this server");
  }

  private Path certified(String name, String type, String validity) throws IOException {
    Path key = server.generateKey(name, type, "");
    keygen("-s", authority.toString(), "-I", name, "-n", "root", "-V", validity, key + ".pub");
    return key;
  }

  private static Path beside(Path key) {
    return Path.of(key + "-cert.pub");
  }

  private void certifyHost(String principal) throws IOException {
    Path host = server.home().resolve("host_ed25519");
    keygen("-s", authority.toString(), "-I", "host", "-h", "-n", principal, host + ".pub");
    Files.writeString(
        server.home().resolve("sshd_config"),
        "HostCertificate " + beside(host) + "\n",
        StandardOpenOption.APPEND);
    server.restart();
  }

  private void trustAuthority(String marker) throws IOException {
    Files.writeString(
        known,
        marker + " * " + Files.readString(Path.of(authority + ".pub")),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static void keygen(String... arguments) throws IOException {
    String[] words = new String[arguments.length + 2];
    words[0] = "ssh-keygen";
    words[1] = "-q";
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    Command.run(words);
  }

  private void assertLogsIn(Credentials credentials) throws IOException {
    try (SshConnection connection =
        connector.connect(
            server.target(), credentials, server.hostKeys(), ConnectionSettings.DEFAULT)) {
      assertThat(connection.closed()).isNotDone();
      assertThat(connection.passed().getLast().found()).contains("-cert-v01@openssh.com");
    }
  }

  private void assertGood(HostKeyPolicy policy, @Nullable String alias) throws IOException {
    Route route = Route.DIRECT;
    ConnectionSettings settings =
        ConnectionSettings.DEFAULT.withRoute(
            new Route(route.family(), null, 1, alias, route.jumps()));
    try (SshConnection connection =
        connector.connect(server.target(), server.credentials(), policy, settings)) {
      assertThat(connection.hostKeyFingerprint()).isEqualTo(server.fingerprint());
    }
  }
}
