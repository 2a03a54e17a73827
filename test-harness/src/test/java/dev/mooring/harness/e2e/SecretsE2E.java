package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A password that is given by reference appears nowhere. */
@OnStage
final class SecretsE2E {
  private final Stage stage;

  SecretsE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void aPasswordFromAFileIsNotInInspectLogStateOrProcessList() throws Exception {
    String secret = stage.account().password();
    Files.writeString(stage.keys().resolve("secret"), secret + "\n");
    String volume = stage.createVolume(stage.remoteDirectory(), "password_file=secret");
    String container = stage.start(volume + ":/d");

    assertThat(stage.docker().out("volume", "inspect", volume)).doesNotContain(secret);
    assertThat(stage.docker().out("plugin", "inspect", Stage.PLUGIN)).doesNotContain(secret);
    assertThat(stage.pluginLog()).doesNotContain(secret);
    Path plugins = stage.workspace().directory().resolve("d/data/plugins");
    Command.Outcome found =
        Command.of("grep", "-rlF", "--exclude-dir=rootfs", "--", secret, plugins.toString()).run();
    assertThat(found.output()).isEmpty();
    assertThat(Command.of("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").run().output())
        .doesNotContain(secret);
    stage.docker().out("rm", "-f", container);
  }
}
