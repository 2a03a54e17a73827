package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.AddressFamily;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.Route;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeyIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  @TempDir Path directory;
  @AutoClose OpenSshServer server;
  private Path known;

  @BeforeEach
  void start() throws IOException {
    server = OpenSshServer.start();
    known = directory.resolve("known_hosts");
  }

  @AfterAll
  static void stop() {
    connector.close();
  }

  @Test
  void aKnownKeyIsGood() throws IOException {
    writeKnown(name() + " " + server.publicHostKey());
    assertGood(new HostKeyPolicy.Known(List.of(directory.resolve("missing"), known)));
  }

  @Test
  void aHashedNameIsFound() throws IOException {
    writeKnown(name() + " " + server.publicHostKey());
    Command.run("ssh-keygen", "-H", "-f", known.toString());
    assertThat(known).content().startsWith("|1|");
    assertGood(new HostKeyPolicy.Known(List.of(known)));
  }

  @Test
  void linesThatCannotBeUnderstoodDoNotHideOthers() throws IOException {
    writeKnown("what is this\n|1|broken\n\n# note\n" + name() + " " + server.publicHostKey());
    assertGood(new HostKeyPolicy.Known(List.of(known)));
  }

  @Test
  void aKeyThatIsNotKnownIsRefusedWithItsFingerprint() throws IOException {
    assertRefused(
        new HostKeyPolicy.Known(List.of(known)),
        "no known hosts file has a key of this server, which shows ssh-ed25519 "
            + server.fingerprint()
            + " (looked in "
            + known
            + "); compare the fingerprint with the server's own (ssh-keygen -l -f"
            + " /etc/ssh/ssh_host_..._key.pub), then add its key, as ssh-keyscan -p "
            + server.port()
            + " 127.0.0.1 prints it");
  }

  @Test
  void theKeyOfAnotherPortIsNotThisServers() throws IOException {
    writeKnown("[127.0.0.1]:1 " + server.publicHostKey());
    assertThatThrownBy(() -> connect(new HostKeyPolicy.Known(List.of(known))))
        .hasMessageContaining("no known hosts file has a key of this server");
  }

  @Test
  void aKeyKnownWithoutItsPortCountsWhereThePortHasNone() throws IOException {
    writeKnown("127.0.0.1 " + server.publicHostKey());
    assertGood(new HostKeyPolicy.Known(List.of(known)));
    Path remembered = directory.resolve("remembered");
    assertGood(new HostKeyPolicy.AcceptNew(List.of(known), remembered));
    assertThat(remembered).doesNotExist();
  }

  @Test
  void anotherKeyWithoutThePortIsThatOfAnotherServer() throws IOException {
    Path other = server.generateKey("other", "ed25519", "");
    writeKnown("127.0.0.1 " + Files.readString(Path.of(other + ".pub")).trim());
    assertThatThrownBy(() -> connect(new HostKeyPolicy.Known(List.of(known))))
        .hasMessageContaining("no known hosts file has a key of this server");
    assertGood(new HostKeyPolicy.AcceptNew(List.of(known), directory.resolve("remembered")));
  }

  @Test
  void anAliasIsLookedUpInsteadOfTheName() throws IOException {
    writeKnown("Box.Example " + server.publicHostKey());
    ConnectionSettings aliased =
        ConnectionSettings.DEFAULT.withRoute(
            new Route(AddressFamily.ANY, null, 1, "box.example", List.of()));
    HostKeyPolicy policy = new HostKeyPolicy.Known(List.of(known));
    assertThatThrownBy(() -> connect(policy)).isInstanceOf(SshFailure.class);
    connector.connect(server.target(), server.credentials(), policy, aliased).close();
  }

  @Test
  void aChangedKeyIsRefusedWithBothFingerprintsAndTheCommandThatForgets() throws IOException {
    assertGood(new HostKeyPolicy.AcceptNew(List.of(), known));
    String before = server.fingerprint();
    server.replaceHostKey("ed25519");
    server.restart();
    assertRefused(
        new HostKeyPolicy.AcceptNew(List.of(), known),
        "the server's key has changed: it shows ssh-ed25519 "
            + server.fingerprint()
            + ", but "
            + known
            + " line 1 has ssh-ed25519 "
            + before
            + "; either the server was set up anew or somebody is listening in; if it was set up"
            + " anew, run: ssh-keygen -f '"
            + known
            + "' -R '"
            + name()
            + "'");
    Command.run("ssh-keygen", "-f", known.toString(), "-R", name());
    assertGood(new HostKeyPolicy.AcceptNew(List.of(), known));
  }

  @Test
  void aNewKeyIsRememberedInAFileForTheOwnerOnly() throws IOException {
    Path remembered = directory.resolve("made/for/this/known_hosts");
    assertGood(new HostKeyPolicy.AcceptNew(List.of(), remembered));
    assertThat(remembered).content().startsWith(name() + " ssh-ed25519 ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(remembered)))
        .isEqualTo("rw-------");
    assertGood(new HostKeyPolicy.Known(List.of(remembered)));
  }

  @Test
  void aNewKeyIsAppendedBehindALastLineWithoutNewline() throws IOException {
    Files.writeString(known, "other.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==");
    assertGood(new HostKeyPolicy.AcceptNew(List.of(), known));
    assertThat(Files.readAllLines(known)).hasSize(2);
  }

  @Test
  void aKeyThatAnotherFileKnowsIsNotRemembered() throws IOException {
    writeKnown(name() + " " + server.publicHostKey());
    Path remembered = directory.resolve("remembered");
    assertGood(new HostKeyPolicy.AcceptNew(List.of(known), remembered));
    assertThat(remembered).doesNotExist();
  }

  @Test
  void connectionsAtTheSameTimeRememberOneLine() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> connects = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        connects.add(() -> {
          assertGood(new HostKeyPolicy.AcceptNew(List.of(), known));
          return null;
        });
      }
      for (Future<Void> connect : threads.invokeAll(connects)) {
        connect.get();
      }
    }
    assertThat(Files.readAllLines(known)).hasSize(1);
  }

  @Test
  void aRevokedKeyIsRefusedEvenWhereItIsKnown() throws IOException {
    writeKnown(name() + " " + server.publicHostKey() + "\n@revoked * " + server.publicHostKey());
    assertRefused(
        new HostKeyPolicy.AcceptNew(List.of(), known),
        "the server's key ssh-ed25519 "
            + server.fingerprint()
            + " is revoked by "
            + known
            + " line 2; give the server a new key, or find out who answers in its place");
  }

  @Test
  void theServerShowsTheTypeOfKeyThatIsKnown() throws IOException {
    Path rsa = server.addHostKey("rsa");
    server.restart();
    writeKnown(name() + " " + Files.readString(Path.of(rsa + ".pub")).trim());
    try (SshConnection connection = connect(new HostKeyPolicy.Known(List.of(known)))) {
      assertThat(connection.hostKeyFingerprint()).isEqualTo(OpenSshServer.fingerprint(rsa));
    }
  }

  @Test
  void aPinIsAFingerprintOrAWholeKey() throws IOException {
    assertGood(new HostKeyPolicy.Pinned(List.of("SHA256:other", server.fingerprint())));
    assertGood(new HostKeyPolicy.Pinned(List.of(server.publicHostKey())));
  }

  @Test
  void aKeyThatIsNotPinnedIsRefused() throws IOException {
    assertRefused(
        new HostKeyPolicy.Pinned(List.of("SHA256:other")),
        "the server's key ssh-ed25519 "
            + server.fingerprint()
            + " is not the pinned one (SHA256:other); find out why the key differs; pin "
            + server.fingerprint()
            + " only if the server's administrator confirms it");
  }

  @Test
  void anyKeyIsGoodWhereThatIsChosen() throws IOException {
    assertGood(new HostKeyPolicy.AcceptAny());
  }

  @Test
  void aFileThatCannotBeReadIsSaid() throws IOException {
    Files.createDirectory(known);
    assertThatThrownBy(() -> connect(new HostKeyPolicy.Known(List.of(known))))
        .hasMessageContaining("a known hosts file cannot be read")
        .hasMessageContaining(known.toString());
  }

  private String name() {
    return "[127.0.0.1]:" + server.port();
  }

  private void writeKnown(String lines) throws IOException {
    Files.writeString(known, lines + "\n", StandardOpenOption.CREATE);
  }

  private void assertGood(HostKeyPolicy policy) throws IOException {
    try (SshConnection connection = connect(policy)) {
      assertThat(connection.hostKeyFingerprint()).isEqualTo(server.fingerprint());
    }
  }

  private void assertRefused(HostKeyPolicy policy, String reasonAndRemedy) {
    assertThatThrownBy(() -> connect(policy))
        .isInstanceOf(SshFailure.class)
        .hasMessage("host key failed for " + server.target() + ": " + reasonAndRemedy)
        .satisfies(e -> assertThat(((SshFailure) e).phase()).isEqualTo(SshFailure.Phase.HOST_KEY));
  }

  private SshConnection connect(HostKeyPolicy policy) throws SshFailure {
    return connector.connect(
        server.target(), server.credentials(), policy, ConnectionSettings.DEFAULT);
  }
}
