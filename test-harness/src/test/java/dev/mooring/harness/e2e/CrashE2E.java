package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import dev.mooring.harness.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The plugin is killed; dockerd starts it again, and running containers go on. */
@OnStage
final class CrashE2E {
  /**
   * dockerd disables a plugin that dies again before it was dialled, at most 3.7 s after a start.
   */
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);

  /**
   * What is promised from the moment the new plugin's process runs; before it dockerd takes a tenth
   * of a second, and more on a busy machine.
   */
  private static final Duration HEALED = Duration.ofSeconds(3);

  /** For what else happens meanwhile: commands of docker, and dockerd's part. */
  private static final Duration BACK = Duration.ofSeconds(20);

  private static final String HEART =
      "trap exit TERM; while :; do echo beat >> /d/beats; sleep 0.05; done";

  private final Stage stage;

  CrashE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void runningContainersGoOnWithinThreeSecondsAfterEachOfThreeKills() throws Exception {
    List<Path> remotes = new ArrayList<>();
    List<String> volumes = new ArrayList<>();
    List<String> containers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      remotes.add(stage.remoteDirectory());
      volumes.add(stage.createVolume(remotes.get(i)));
      containers.add(stage.startScript(volumes.get(i) + ":/d", HEART));
    }
    awaitBeats(remotes, BACK);

    for (int kill = 0; kill < 3; kill++) {
      stage.dockerd().killPlugin();
      stage.dockerd().awaitPlugin();
      awaitBeats(remotes, HEALED);
      Patience.rest(BETWEEN_KILLS);
    }

    for (int i = 0; i < 3; i++) {
      assertThat(stage.run(volumes.get(i) + ":/d", "sort -u /d/beats").orThrow().output())
          .isEqualTo("beat\n");
      stage.docker().out("rm", "-f", containers.get(i));
      stage.docker().out("volume", "rm", volumes.get(i));
      assertThat(remotes.get(i).resolve("beats")).exists();
    }
    assertThat(mountedVolumes()).isEmpty();
  }

  /** Waits until each of the containers has written something after this call. */
  private static void awaitBeats(List<Path> remotes, Duration limit) {
    List<Long> before = remotes.stream().map(CrashE2E::beats).toList();
    Patience.until(
        "all containers write",
        limit,
        () ->
            IntStream.range(0, remotes.size())
                .allMatch(i -> beats(remotes.get(i)) > before.get(i)));
  }

  private static long beats(Path remote) {
    return remote.resolve("beats").toFile().length();
  }

  @Test
  void aVolumeThatIsForcedAwayAfterACrashLeavesItsFiles() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String container = stage.start(volume + ":/d");
    stage.exec(container, "touch /d/one /d/two /d/three").orThrow();

    stage.dockerd().killPlugin();
    Patience.until("it is back", BACK, () -> writes(container, "again"));
    stage.docker().run("volume", "rm", "-f", volume);
    stage.docker().out("rm", "-f", container);
    stage.docker().run("volume", "rm", "-f", volume);

    assertThat(remote.toFile().list()).containsExactlyInAnyOrder("one", "two", "three", "log");
  }

  @Test
  void aContainerThatStartsWhileThePluginIsDeadNeverWritesToTheHost() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String container = stage.start(volume + ":/d");

    stage.dockerd().killPlugin();
    Command.Outcome meanwhile = stage.run(volume + ":/d", "echo x > /d/meanwhile");
    Patience.until("the other goes on", BACK, () -> writes(container, "again"));

    assertThat(meanwhile.exit() == 0).isEqualTo(remote.resolve("meanwhile").toFile().exists());
    assertThat(stage.strayFiles("meanwhile")).isEmpty();
    stage.run(volume + ":/d", "test -f /d/log").orThrow();
    stage.docker().out("rm", "-f", container);
  }

  @Test
  void statusSaysWhichContainersMustBeRestartedAfterAForcedDisable() {
    String volume = stage.createVolume(stage.remoteDirectory());
    String container = stage.start(volume + ":/d");

    stage.set("LINGER=10");

    assertThat(stage.docker().out("volume", "inspect", volume))
        .contains("unmounted while containers used it", "restart those");
    stage.docker().out("restart", "-t", "1", container);
    stage.exec(container, "echo x > /d/file").orThrow();
    stage.docker().out("rm", "-f", container);
  }

  private boolean writes(String container, String line) {
    return stage.exec(container, "echo " + line + " >> /d/log").exit() == 0;
  }

  private List<Path> mountedVolumes() {
    return Workspace.mountsBelow(stage.plugins()).stream()
        .filter(path -> path.toString().contains("/propagated-mount/"))
        .toList();
  }
}
