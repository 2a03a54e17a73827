package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A compose file as people write it, brought up twice in a row. */
@OnStage
final class ComposeE2E {
  private final Stage stage;

  ComposeE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void composeBringsTheSameFileUpTwice() throws Exception {
    Path remote = stage.remoteDirectory();
    Path project = stage.workspace().mkdir(stage.name("project"));
    Files.writeString(
        project.resolve("docker-compose.yml"),
        """
        version: "3.7"
        services:
          one:
            image: %1$s
            network_mode: none
            command: ["sh", "-c", "echo one > /d/one; exec sleep 600"]
            volumes: ["data:/d"]
          two:
            image: %1$s
            network_mode: none
            command: ["sh", "-c", "echo two > /d/two; exec sleep 600"]
            volumes:
              - {type: volume, source: data, target: /d, volume: {nocopy: true}}
        volumes:
          data:
            driver: %2$s:latest
            driver_opts:
              sshcmd: "%3$s"
              port: "%4$d"
              allow_other: ""
              reconnect: ""
              ServerAliveInterval: 15
        """
            .formatted(Stage.IMAGE, Stage.PLUGIN, stage.source(remote), stage.sshd().port()));

    compose(project, "up", "-d").orThrow();
    String second = compose(project, "up", "-d").orThrow().errors();

    assertThat(second).doesNotContain("different");
    assertThat(remote.resolve("one")).exists();
    assertThat(remote.resolve("two")).exists();
    compose(project, "down", "-v", "-t", "1").orThrow();
    assertThat(remote.resolve("one")).exists();
  }

  private Command.Outcome compose(Path project, String... words) {
    return new Command(
            Stream.concat(
                    Stream.of("docker-compose", "--project-directory", project.toString(), "-f"),
                    Stream.concat(
                        Stream.of(project.resolve("docker-compose.yml").toString()),
                        Stream.of(words)))
                .toList(),
            Map.of("DOCKER_HOST", stage.docker().host(), "DOCKER_API_VERSION", "1.41"),
            Duration.ofMinutes(2))
        .run();
  }
}
