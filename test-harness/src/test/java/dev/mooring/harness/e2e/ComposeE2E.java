package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The compose file of the examples, brought up twice in a row. */
@OnStage
final class ComposeE2E {
  private final Stage stage;

  ComposeE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void composeBringsTheExampleUpTwiceAndLeavesTheFiles() {
    Path remote = stage.remoteDirectory();
    String project = stage.name("project");

    compose(remote, project, "up", "-d").orThrow();
    Path log = remote.resolve("log");
    Patience.until("the writer writes", Duration.ofSeconds(30), () -> log.toFile().length() > 0);
    String second = compose(remote, project, "up", "-d").orThrow().errors();

    assertThat(second).doesNotContain("different");
    Patience.until(
        "the reader sees what the writer writes",
        Duration.ofSeconds(30),
        () -> compose(remote, project, "logs", "reader").output().contains(":"));
    compose(remote, project, "down", "-v").orThrow();
    assertThat(log).exists();
  }

  private Command.Outcome compose(Path remote, String project, String... words) {
    return new Command(
            Stream.concat(
                    Stream.of("docker-compose", "-p", project, "-f", "../examples/compose.yml"),
                    Stream.of(words))
                .toList(),
            Map.of(
                "DOCKER_HOST",
                stage.docker().host(),
                "DOCKER_API_VERSION",
                "1.41",
                "IMAGE",
                Stage.IMAGE,
                "NETWORK_MODE",
                "none",
                "SFTP_SOURCE",
                stage.source(remote),
                "SFTP_PORT",
                Integer.toString(stage.sshd().port())),
            Duration.ofMinutes(2))
        .run();
  }
}
