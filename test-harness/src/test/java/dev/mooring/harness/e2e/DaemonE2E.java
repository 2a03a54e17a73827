package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Patience;
import dev.mooring.harness.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** dockerd is restarted; volumes stay and work. */
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
