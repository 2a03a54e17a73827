package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.Secret;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.TemporaryUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  private static OpenSshServer server;
  private static TemporaryUser user;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
    user = server.addUser();
  }

  @AfterAll
  static void stop() throws IOException {
    connector.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519, '', RFC4716, 256",
    "ed25519, open sesame, RFC4716, 256",
    "rsa, '', RFC4716, 2048",
    "rsa, '', PEM, 2048",
    "rsa, open sesame, PEM, 2048",
    "rsa, '', PKCS8, 3072",
    "rsa, open sesame, PKCS8, 2048",
    "ecdsa, '', RFC4716, 256",
    "ecdsa, open sesame, RFC4716, 384",
    "ecdsa, '', PEM, 521",
    "ecdsa, open sesame, PKCS8, 256",
  })
  void everyKindOfKeyLogsIn(String type, String passphrase, String format, String bits)
      throws Exception {
    String name = String.join("_", type, format, bits, passphrase.isEmpty() ? "plain" : "locked");
    Path key = server.newClientKey(name, type, passphrase, "-m", format, "-b", bits);
    Credentials credentials =
        new Credentials(List.of(key), passphrase.isEmpty() ? null : new Secret(passphrase), null);
    try (SshConnection connection = connect(server, "root", credentials)) {
      assertThat(connection.hostKeyFingerprint()).isEqualTo(server.fingerprint());
      assertThat(connection.serverVersion()).startsWith("SSH-2.0-OpenSSH");
    }
  }

  @ParameterizedTest
  @CsvSource({"ed25519, ''", "rsa, ''", "ecdsa, ''", "ed25519, open sesame", "rsa, open sesame"})
  void keysOfPuttyLogIn(String type, String passphrase) throws Exception {
    String name = "putty_" + type + passphrase.length();
    Path key = server.newClientKey(name, type, passphrase);
    Path putty = Path.of(key + ".ppk");
    Path secret = Files.writeString(Path.of(key + ".secret"), passphrase);
    Command.run(
        "puttygen",
        key.toString(),
        "-o",
        putty.toString(),
        "--old-passphrase",
        secret.toString(),
        "--new-passphrase",
        secret.toString());
    Credentials credentials =
        new Credentials(List.of(putty), passphrase.isEmpty() ? null : new Secret(passphrase), null);
    try (SshConnection connection = connect(server, "root", credentials)) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void onlyWantedMethodsAreTriedInTheirOrder() throws Exception {
    Credentials keyOnly =
        new Credentials(
            List.of(server.clientKey()),
            List.of(),
            null,
            false,
            null,
            new Secret(user.password()),
            List.of(LoginMethod.PASSWORD));
    try (SshConnection connection = connect(server, user.name(), keyOnly)) {
      assertThat(connection.passed().getLast().found()).endsWith("by password");
    }
  }

  @Test
  void thePasswordLogsIn() throws Exception {
    try (SshConnection connection =
        connect(server, user.name(), Credentials.ofPassword(user.password()))) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void thePasswordAnswersKeyboardInteractive() throws Exception {
    try (OpenSshServer pam =
            OpenSshServer.start(
                "UsePAM yes", "KbdInteractiveAuthentication yes", "PasswordAuthentication no");
        SshConnection connection =
            connect(pam, user.name(), Credentials.ofPassword(user.password()))) {
      assertThat(connection.closed()).isNotDone();
      // sshd logs it after it has told us.
      Awaitility.await()
          .untilAsserted(() -> assertThat(pam.log()).contains("Accepted keyboard-interactive"));
    }
  }

  @Test
  void keyAndPasswordTogetherLogInWhereTheServerAsksForBoth() throws Exception {
    try (OpenSshServer both = OpenSshServer.start("AuthenticationMethods publickey,password");
        SshConnection connection =
            connect(
                both,
                user.name(),
                new Credentials(List.of(both.clientKey()), null, new Secret(user.password())))) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void theSecondKeyIsTriedWhenTheFirstIsRefused() throws Exception {
    Path stranger = server.generateKey("stranger", "ed25519", "");
    Credentials credentials = new Credentials(List.of(stranger, server.clientKey()), null, null);
    try (SshConnection connection = connect(server, "root", credentials)) {
      assertThat(connection.closed()).isNotDone();
    }
  }

  @Test
  void aRefusedKeyIsNamedWithItsFingerprintAndTheMethodsOfTheServer() throws Exception {
    Path key = server.generateKey("refused", "ed25519", "");
    assertThatThrownBy(() -> connect(server, "root", Credentials.ofKey(key)))
        .isInstanceOf(SshFailure.class)
        .hasMessage(
            "authentication failed for "
                + server.target()
                + ": the server accepts publickey, password and refused ssh-ed25519 "
                + OpenSshServer.fingerprint(key)
                + " of "
                + key
                + "; add the public key to authorized_keys of root on the server, whose log says"
                + " why it refused");
  }

  @Test
  void aWrongPasswordIsSaidWithoutSayingThePassword() {
    assertThatThrownBy(() -> connect(server, user.name(), Credentials.ofPassword("wrong-secret")))
        .hasMessage(
            "authentication failed for "
                + server.target(user.name())
                + ": the server accepts publickey, password and refused the password; check user"
                + " and password")
        .satisfies(e -> assertThat(stackTraceOf(e)).doesNotContain("wrong-secret"))
        .isInstanceOfSatisfying(
            SshFailure.class, refused -> assertThat(refused.isRefusal()).isTrue());
  }

  @Test
  void aPasswordWhereOnlyKeysAreTakenAsksForAKey() throws IOException {
    try (OpenSshServer keysOnly = OpenSshServer.start("PasswordAuthentication no")) {
      assertThatThrownBy(
              () -> connect(keysOnly, user.name(), Credentials.ofPassword(user.password())))
          .hasMessage(
              "authentication failed for "
                  + keysOnly.target(user.name())
                  + ": the server accepts publickey and refused the password; give a key file");
    }
  }

  @Test
  void noCredentialsAtAllSayWhatTheServerTakes() {
    assertThatThrownBy(() -> connect(server, "root", new Credentials(List.of(), null, null)))
        .hasMessageEndingWith(
            "the server accepts publickey, password and no key file and no password is given;"
                + " give a key file or a password");
  }

  private static String stackTraceOf(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static SshConnection connect(OpenSshServer to, String as, Credentials credentials)
      throws IOException {
    return connector.connect(to.target(as), credentials, to.hostKeys(), ConnectionSettings.DEFAULT);
  }
}
