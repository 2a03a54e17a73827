package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The stack of the examples on a Swarm of one node: driver and driver_opts, two replicas and a task
 * for each node, deployed twice.
 */
@OnStage
final class StackE2E {
  private static final String STACK = "demo";

  private final Stage stage;

  StackE2E(Stage stage) {
    this.stage = stage;
  }

  @BeforeEach
  void initSwarm() {
    stage
        .docker()
        .out("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:0");
  }

  @AfterEach
  void leaveSwarm() {
    stage.docker().run("stack", "rm", STACK);
    awaitNoContainers();
    stage.docker().out("swarm", "leave", "--force");
  }

  @Test
  void tasksShareAVolumeAndSoDoesTheNextDeployment() {
    Path remote = stage.remoteDirectory();

    deploy(remote);
    awaitLines(remote.resolve("hosts"), 3);
    stage.docker().out("stack", "rm", STACK);
    awaitNoContainers();
    deploy(remote);
    awaitLines(remote.resolve("hosts"), 6);

    assertThat(stage.docker().out("volume", "ls", "-q")).contains(STACK + "_files");
  }

  private void deploy(Path remote) {
    stage
        .docker()
        .command(
            "stack",
            "deploy",
            "--detach=true",
            "--resolve-image",
            "never",
            "-c",
            "../examples/stack.yml",
            STACK)
        .with("IMAGE", Stage.IMAGE)
        .with("SFTP_SOURCE", stage.source(remote))
        .with("SFTP_PORT", Integer.toString(stage.sshd().port()))
        .run()
        .orThrow();
  }

  private static void awaitLines(Path file, int count) {
    Patience.until(
        count + " lines in " + file,
        Duration.ofSeconds(60),
        () -> {
          try {
            return Files.exists(file) && Files.readAllLines(file).size() == count;
          } catch (IOException e) {
            return false;
          }
        });
  }

  private void awaitNoContainers() {
    Patience.until(
        "the stack's containers are gone",
        Duration.ofSeconds(60),
        () ->
            stage
                .docker()
                .out("ps", "-aq", "--filter", "label=com.docker.stack.namespace=" + STACK)
                .isEmpty());
  }
}
