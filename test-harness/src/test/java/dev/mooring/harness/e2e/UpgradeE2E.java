package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.PrivateRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The plugin is replaced by another build out of a registry; volumes stay. */
@OnStage
final class UpgradeE2E {
  private final Stage stage;

  UpgradeE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void volumesAndTheirFilesSurviveAnUpgrade() throws Exception {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote, "uid=999");
    stage.run(volume + ":/d", "echo before > /d/file").orThrow();
    try (PrivateRegistry registry = new PrivateRegistry(stage.workspace().mkdir("registry"))) {
      String build = UUID.randomUUID().toString();
      String next = registry.reference("mooring/sshfs:next");
      pushAnotherBuild(next, build);

      stage.docker().out("plugin", "disable", "-f", Stage.PLUGIN);
      stage
          .docker()
          .command(
              "plugin",
              "upgrade",
              "--grant-all-permissions",
              "--skip-remote-check",
              Stage.PLUGIN,
              next)
          .within(Duration.ofMinutes(3))
          .run()
          .orThrow();
      // dockerd goes on showing this setting, but starts the new build with the default.
      stage.docker().out("plugin", "set", Stage.PLUGIN, "sshkey.source=" + stage.keys());
      stage.docker().out("plugin", "enable", Stage.PLUGIN);

      assertThat(runningBuild()).isEqualTo(build);
    }
    assertThat(stage.docker().out("volume", "ls", "-q")).contains(volume);
    assertThat(stage.run(volume + ":/d", "cat /d/file; stat -c %u /d/file").orThrow().output())
        .isEqualTo("before\n999\n");
  }

  private void pushAnotherBuild(String reference, String build) throws Exception {
    Path directory = stage.workspace().mkdir("next");
    Command.of("cp", "-a", Stage.PLUGIN_DIRECTORY + "/.", directory.toString()).run().orThrow();
    Files.writeString(directory.resolve("rootfs/opt/mooring/build-id"), build);
    stage
        .docker()
        .command("plugin", "create", reference, directory.toString())
        .within(Duration.ofMinutes(3))
        .run()
        .orThrow();
    stage.docker().out("plugin", "push", reference);
    stage.docker().out("plugin", "rm", reference);
    Command.of("rm", "-rf", directory.toString()).run().orThrow();
  }

  private String runningBuild() throws Exception {
    String id = stage.docker().out("plugin", "inspect", "-f", "{{.Id}}", Stage.PLUGIN);
    return Files.readString(stage.plugins().resolve(id + "/rootfs/opt/mooring/build-id"));
  }
}
