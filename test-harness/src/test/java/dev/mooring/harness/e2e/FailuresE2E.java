package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.PrivateSshd;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is wrong is said in one line, with the phase, the target, the reason and what to do. */
@OnStage
final class FailuresE2E {
  private final Stage stage;

  FailuresE2E(Stage stage) {
    this.stage = stage;
  }

  /** What the person sees who starts a container on a volume that cannot be mounted. */
  private String failure(String source, String... options) {
    String name = stage.name("bad");
    stage.volumeCreate(name, "sshcmd=" + source, options).run().orThrow();
    long start = System.nanoTime();
    Command.Outcome outcome = stage.run(name + ":/d", "true");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(28));
    assertThat(stage.docker().out("volume", "inspect", name)).contains("failed");
    stage.docker().out("volume", "rm", name);
    return text(outcome);
  }

  /** What the person sees who creates a volume that could never be mounted. */
  private String refusal(String... options) {
    String source = "sshcmd=" + stage.source(stage.remoteDirectory());
    return text(stage.volumeCreate(stage.name("bad"), source, options).run());
  }

  private static String text(Command.Outcome outcome) {
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.errors()).doesNotContain("reset by peer").doesNotContain("Exception");
    return outcome.errors();
  }

  private String target() {
    return stage.account().name() + "@127.0.0.1:" + stage.sshd().port();
  }

  @Test
  void aWrongPasswordIsNamedAndNotShown() {
    String text =
        failure(
            stage.source(stage.remoteDirectory()), "password=wr0ng-secret", "IdentityFile=none");

    assertThat(text).contains("authentication", target()).doesNotContain("wr0ng-secret");
  }

  @Test
  void aRefusedPortIsNamed() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    String name = stage.name("bad");
    String source = "sshcmd=" + stage.source(stage.remoteDirectory());
    stage.volumeCreate(closed, name, source).run().orThrow();

    assertThat(stage.run(name + ":/d", "true").errors())
        .contains("TCP", "127.0.0.1:" + closed, "refused");
  }

  @Test
  void anUnknownHostIsNamed() {
    String text = failure("someone@no-such-host.invalid:/data");

    assertThat(text).contains("DNS", "no-such-host.invalid");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path remote = stage.remoteDirectory();

    assertThat(failure(stage.source(remote.resolve("absent/below"))))
        .contains(remote.resolve("absent").toString());
  }

  @Test
  void aFileIsNoDirectoryButASymlinkToADirectoryIs() throws Exception {
    Path remote = stage.remoteDirectory();
    Path file = Files.writeString(remote.resolve("file"), "");
    Path link = Files.createSymbolicLink(remote.resolve("link"), stage.remoteDirectory());

    assertThat(failure(stage.source(file))).contains("not a directory");
    String volume = stage.createVolume(link);
    stage.run(volume + ":/d", "touch /d/file").orThrow();
    assertThat(link.resolve("file")).exists();
  }

  @Test
  void aMissingKeyIsAnsweredWithTheKeysThatAreThere() {
    assertThat(refusal("IdentityFile=/home/x/id_other")).contains("id_other", "id_ed25519");
  }

  @Test
  void aHostStylePathToAKeyFindsItInTheKeyDirectory() {
    String volume =
        stage.createVolume(stage.remoteDirectory(), "IdentityFile=/home/ubuntu/.ssh/id_ed25519");

    stage.run(volume + ":/d", "touch /d/file").orThrow();
  }

  @Test
  void aPublicKeyIsRecognisedAsOne() throws Exception {
    String name = "public-only.pub";
    Files.copy(Path.of(stage.sshd().key() + ".pub"), stage.keys().resolve(name));

    assertThat(refusal("IdentityFile=/root/.ssh/" + name)).contains("public key");
  }

  @Test
  void aTypoInAnOptionIsRefusedAtOnceWithTheRightName() {
    String name = stage.name("typo");
    Command.Outcome sshmd =
        stage.docker().run("volume", "create", "-d", Stage.PLUGIN, "-o", "sshmd=a@b:/c", name);
    Command.Outcome passwd = stage.volumeCreate(name, "sshcmd=a@b:/c", "passwd=x").run();

    assertThat(sshmd.exit()).isNotZero();
    assertThat(sshmd.errors()).contains("sshmd", "sshcmd");
    assertThat(passwd.exit()).isNotZero();
    assertThat(passwd.errors()).contains("passwd", "password");
    assertThat(stage.docker().out("volume", "ls", "-q")).doesNotContain(name);
  }

  @Test
  void aChangedHostKeyIsRefusedWithBothFingerprints() {
    Path remote = stage.remoteDirectory();
    try (PrivateSshd other = new PrivateSshd(stage.workspace().mkdir(stage.name("sshd")))) {
      other.authorizeKeyOf(stage.sshd());
      mount(remote, other).orThrow();
      String before = other.fingerprint();
      other.changeHostKey();
      String after = other.fingerprint();

      assertThat(text(mount(remote, other))).contains("host key", before, after);
      mount(remote, other, "host_key=" + after).orThrow();
      mount(remote, other, "StrictHostKeyChecking=no").orThrow();
      assertThat(stage.docker().out("volume", "inspect", lastVolume))
          .contains("StrictHostKeyChecking=no");
    }
  }

  private String lastVolume = "";

  /** Starts a container on a new volume of a server of the test's own. */
  private Command.Outcome mount(Path remote, PrivateSshd server, String... options) {
    lastVolume = stage.name("vol");
    stage
        .volumeCreate(server.port(), lastVolume, "sshcmd=" + stage.source(remote), options)
        .run()
        .orThrow();
    return stage.run(lastVolume + ":/d", "true");
  }

  @Test
  void aServerThatNeverAnswersHoldsUpNobodyElse() throws Exception {
    String good = stage.createVolume(stage.remoteDirectory());
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String name = stage.name("hung");
      stage
          .volumeCreate(silent.getLocalPort(), name, "sshcmd=someone@127.0.0.1:/d")
          .run()
          .orThrow();
      CompletableFuture<Command.Outcome> hung =
          CompletableFuture.supplyAsync(() -> stage.run(name + ":/d", "true"));

      for (int i = 0; i < 3; i++) {
        assertQuick(() -> stage.docker().out("volume", "ls"));
        assertQuick(() -> stage.docker().out("volume", "inspect", good));
        assertQuick(() -> stage.docker().out("volume", "inspect", name));
        assertQuick(() -> stage.run(good + ":/d", "ls /d").orThrow());
        assertQuick(() -> stage.createVolume(stage.remoteDirectory()));
      }
      assertThat(hung.join().exit()).isNotZero();
      assertThat(hung.join().errors()).contains("127.0.0.1:" + silent.getLocalPort());
    }
  }

  private static void assertQuick(Runnable call) {
    long start = System.nanoTime();
    call.run();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }
}
