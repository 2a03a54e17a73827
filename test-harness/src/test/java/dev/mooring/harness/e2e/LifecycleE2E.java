package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The plugin is disabled, enabled and upgraded; volumes stay. */
@OnStage
final class LifecycleE2E {
  private final Stage stage;

  LifecycleE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void inspectTellsTheStateOfAVolume() {
    String volume = stage.createVolume(stage.remoteDirectory());
    assertThat(status(volume, "state")).isEqualTo("unmounted");

    String container = stage.start(volume + ":/d");
    assertThat(status(volume, "state")).isEqualTo("mounted");
    assertThat(status(volume, "server"))
        .isEqualTo(stage.account().name() + "@127.0.0.1:" + stage.sshd().port());
    assertThat(status(volume, "fingerprint")).isEqualTo(stage.sshd().fingerprint());
    stage.docker().out("rm", "-f", container);
  }

  private String status(String volume, String key) {
    return stage
        .docker()
        .out("volume", "inspect", "-f", "{{ index .Status \"" + key + "\" }}", volume);
  }

  @Test
  void volumesSurviveDisableAndEnable() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote, "uid=999");
    stage.run(volume + ":/d", "echo before > /d/file").orThrow();

    stage.docker().out("plugin", "disable", "-f", Stage.PLUGIN);
    stage.docker().out("plugin", "enable", Stage.PLUGIN);

    assertThat(stage.run(volume + ":/d", "cat /d/file; stat -c %u /d/file").orThrow().output())
        .isEqualTo("before\n999\n");
    assertThat(stage.docker().out("volume", "ls", "-q")).contains(volume);
  }

  @Test
  void disablingInUseNeverLetsAContainerWriteToTheHost() {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String container = stage.start(volume + ":/d");

    stage.docker().out("plugin", "disable", "-f", Stage.PLUGIN);
    Command.Outcome meanwhile = stage.run(volume + ":/d", "echo x > /d/stray");
    stage.docker().out("plugin", "enable", Stage.PLUGIN);

    assertThat(meanwhile.exit()).isNotZero();
    stage.docker().out("restart", "-t", "1", container);
    stage.exec(container, "echo again > /d/file").orThrow();
    assertThat(remote.resolve("file")).hasContent("again");
    stage.docker().out("rm", "-f", container);
    assertThat(stage.strayFiles("stray")).isEmpty();
  }

  @Test
  void thePluginIsEnabledInTime() {
    assertThat(stage.enableTime()).isLessThan(Duration.ofSeconds(9));
  }
}
