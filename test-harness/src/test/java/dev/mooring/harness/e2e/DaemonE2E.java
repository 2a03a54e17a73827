package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import dev.mooring.harness.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** dockerd is restarted or killed; volumes stay and work. */
@OnStage
final class DaemonE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** How long the server is away while dockerd starts. */
  private static final Duration AWAY = Duration.ofSeconds(3);

  /** Counts its own heartbeats on the volume. */
  private static final String HEART =
      "trap exit TERM; while :; do echo beat >> /d/beats; sleep 0.2; done";

  private final Stage stage;

  DaemonE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void aContainerThatIsAlwaysRestartedGoesOnWriting() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String container = stage.startScript(volume + ":/d", HEART, "--restart=always");
    awaitBeats(remote, 1);

    stage.dockerd().stop();
    stage.dockerd().start();

    assertThat(stage.docker().out("volume", "ls", "-q")).contains(volume);
    awaitBeats(remote, beats(remote) + 5);
    assertGoesAway(container, volume, remote);
  }

  /** The Unmounts of the daemon that was killed never came. */
  @Test
  void aDaemonThatIsKilledWhileTheServerIsAwayComesBackWithItsVolumes() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote, "mount_wait=20");
    String container = stage.startScript(volume + ":/d", HEART, "--restart=always");
    awaitBeats(remote, 1);

    stage.sshd().close();
    stage.dockerd().kill();
    long beats = beats(remote);
    CompletableFuture<Void> started = CompletableFuture.runAsync(stage.dockerd()::start);
    Patience.rest(AWAY);
    stage.sshd().restart();
    started.join();

    Command volumes = stage.docker().command("volume", "ls", "-q").within(Duration.ofSeconds(2));
    assertThat(volumes.run().orThrow().output()).contains(volume);
    assertThat(stage.docker().out("volume", "inspect", volume)).contains("\"mount_wait\": \"20\"");
    awaitBeats(remote, beats + 5);
    assertGoesAway(container, volume, remote);
  }

  @Test
  void containersWriteOnWhileThereIsNoDaemonThatRestoresThemAlive() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    stage.dockerd().liveRestore(true);
    String container = stage.startScript(volume + ":/d", HEART);
    awaitBeats(remote, 1);
    ProcessHandle plugin = stage.dockerd().plugin();

    stage.dockerd().stop();
    awaitBeats(remote, beats(remote) + 5);
    stage.dockerd().start();
    assertThat(stage.dockerd().plugin()).isEqualTo(plugin);
    stage.dockerd().kill();
    awaitBeats(remote, beats(remote) + 5);
    stage.dockerd().start();

    awaitBeats(remote, beats(remote) + 5);
    assertThat(stage.exec(container, "sort -u /d/beats").orThrow().output()).isEqualTo("beat\n");
    stage.dockerd().liveRestore(false);
    assertGoesAway(container, volume, remote);
  }

  /** Container and volume are removed, and nothing of them is left but what the server has. */
  private void assertGoesAway(String container, String volume, Path remote) {
    stage.run(volume + ":/d", "test -s /d/beats").orThrow();
    stage.docker().out("rm", "-f", container);
    stage.docker().out("volume", "rm", volume);
    assertThat(remote.resolve("beats")).exists();
    assertThat(Workspace.mountsBelow(stage.plugins()))
        .noneMatch(path -> path.toString().contains("/propagated-mount/"));
  }

  private static long beats(Path remote) {
    return remote.resolve("beats").toFile().length();
  }

  private static void awaitBeats(Path remote, long atLeast) {
    Patience.until("the container's heart beats", PATIENCE, () -> beats(remote) >= atLeast);
  }
}
