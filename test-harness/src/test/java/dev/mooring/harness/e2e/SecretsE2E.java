package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A password that is given by reference appears nowhere, one that is given inline only in Docker.
 */
@OnStage
final class SecretsE2E {
  private final Stage stage;

  SecretsE2E(Stage stage) {
    this.stage = stage;
  }

  /** A password that was given inline is in the plugin's state as long as its volume is there. */
  @BeforeEach
  void removeVolumesOfOthers() {
    stage
        .docker()
        .out("volume", "ls", "-q")
        .lines()
        .forEach(volume -> stage.docker().command("volume", "rm", volume).run());
  }

  @AfterEach
  void logAsUsual() {
    stage.set("DEBUG=0");
  }

  @Test
  void aPasswordFromAFileIsNotInInspectLogStateOrProcessList() throws Exception {
    stage.set("DEBUG=1");
    Files.writeString(stage.keys().resolve("secret"), stage.account().password() + "\n");
    String volume =
        stage.createVolume(
            stage.remoteDirectory(), "password_file=secret", "PreferredAuthentications=password");
    String container = stage.start(volume + ":/d");
    stage.exec(container, "echo x > /d/file").orThrow();

    assertThat(stage.pluginLog()).contains("DEBUG");
    assertNowhere(stage.docker().out("volume", "inspect", volume));
    assertThat(filesWithTheSecret()).isEmpty();
    stage.docker().out("rm", "-f", container);
  }

  @Test
  void anInlinePasswordIsShownByDockerAloneAndStoredForRootAlone() throws Exception {
    stage.set("DEBUG=1");
    String password = "password=" + stage.account().password();
    String volume = stage.createVolume(stage.remoteDirectory(), password);
    stage.run(volume + ":/d", "true").orThrow();

    String inspect = stage.docker().out("volume", "inspect", "-f", "{{json .Status}}", volume);
    assertThat(inspect).contains("version");
    assertNowhere(inspect);
    assertThat(filesWithTheSecret()).isNotEmpty().allMatch(file -> mode(file).equals("600"));
  }

  /** What is looked for is a part that no notation escapes. */
  private String secret() {
    return stage.account().password().substring(0, 6);
  }

  private void assertNowhere(String inspect) {
    assertThat(inspect).doesNotContain(secret());
    assertThat(stage.docker().out("plugin", "inspect", Stage.PLUGIN)).doesNotContain(secret());
    assertThat(stage.pluginLog()).doesNotContain(secret());
    assertThat(Command.of("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").run().output())
        .doesNotContain(secret());
  }

  private List<String> filesWithTheSecret() {
    return Command.of(
            "grep", "-rlF", "--exclude-dir=rootfs", "--", secret(), stage.plugins().toString())
        .run()
        .output()
        .lines()
        .toList();
  }

  private static String mode(String file) {
    return Command.of("stat", "-c", "%a", file).run().orThrow().output().strip();
  }
}
