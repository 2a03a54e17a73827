package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import dev.mooring.harness.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** dockerd is restarted or killed, with and without live-restore; volumes stay and work. */
@OnStage
final class DaemonE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Counts its own heartbeats on the volume. */
  private static final String HEART =
      "trap exit TERM; while :; do echo beat >> /d/beats; sleep 0.2; done";

  private final Stage stage;

  DaemonE2E(Stage stage) {
    this.stage = stage;
  }

  /** How the daemon goes down and what it was told before. */
  enum Way {
    STOPPED(false, false),
    KILLED(true, false),
    STOPPED_LIVE(false, true),
    KILLED_LIVE(true, true);

    final boolean kill;
    final boolean liveRestore;

    Way(boolean kill, boolean liveRestore) {
      this.kill = kill;
      this.liveRestore = liveRestore;
    }
  }

  @AfterEach
  void asUsual() {
    stage.dockerd().liveRestore(false);
  }

  @ParameterizedTest
  @EnumSource
  void aContainerThatIsAlwaysRestartedGoesOnWriting(Way way) {
    stage.dockerd().liveRestore(way.liveRestore);
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String container = stage.startScript(volume + ":/d", HEART, "--restart=always");
    awaitBeats(remote, 1);

    down(way);
    if (way.liveRestore) {
      awaitBeats(remote, beats(remote) + 5);
    }
    stage.dockerd().start();

    assertThat(stage.docker().out("volume", "ls", "-q")).contains(volume);
    awaitBeats(remote, beats(remote) + 5);
    stage.run(volume + ":/d", "test -s /d/beats").orThrow();
    stage.docker().out("rm", "-f", container);
    stage.docker().out("volume", "rm", volume);
    assertThat(remote.resolve("beats")).exists();
    assertThat(Workspace.mountsBelow(stage.plugins()))
        .noneMatch(path -> path.toString().contains("/propagated-mount/"));
  }

  private void down(Way way) {
    if (way.kill) {
      stage.dockerd().kill();
    } else {
      stage.dockerd().stop();
    }
  }

  @Test
  void aServerThatIsAwayKeepsNeitherDaemonNorVolumesFromComingBack() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote, "uid=999");
    String container = stage.startScript(volume + ":/d", HEART, "--restart=always");
    awaitBeats(remote, 1);
    stage.sshd().close();
    try {
      stage.dockerd().stop();
      stage.dockerd().start();

      Command.Outcome listed =
          stage.docker().command("volume", "ls", "-q").within(Duration.ofSeconds(5)).run();
      assertThat(listed.output()).contains(volume);
      assertThat(stage.docker().out("volume", "inspect", volume)).contains("uid");
    } finally {
      stage.sshd().restart();
    }
    long before = beats(remote);
    stage.docker().out("start", container);
    awaitBeats(remote, before + 5);
    stage.docker().out("rm", "-f", container);
  }

  private static long beats(Path remote) {
    return remote.resolve("beats").toFile().length();
  }

  private static void awaitBeats(Path remote, long atLeast) {
    Patience.until("the container's heart beats", PATIENCE, () -> beats(remote) >= atLeast);
  }
}
