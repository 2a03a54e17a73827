package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Patience;
import dev.mooring.harness.Relay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A firewall that forgets an idle connection, without a word to either side. */
@OnStage
final class SilenceE2E {
  private final Stage stage;

  SilenceE2E(Stage stage) {
    this.stage = stage;
  }

  @Test
  void anIdleVolumeIsThereAgainWithinSecondsOfTheLink() throws Exception {
    Path remote = stage.remoteDirectory();
    Files.writeString(remote.resolve("letter"), "from the server");
    try (Relay link = new Relay(stage.sshd().port(), Duration.ZERO)) {
      String volume = stage.name("idle");
      stage
          .volumeCreate(
              link.port(),
              volume,
              "sshcmd=" + stage.source(remote),
              "ServerAliveInterval=1,ServerAliveCountMax=2,ConnectTimeout=2")
          .run()
          .orThrow();
      String container = stage.start(volume + ":/d");
      stage.exec(container, "ls /d").orThrow();
      assertThat(stage.docker().out("volume", "inspect", volume))
          .contains("\"state\": \"mounted\"", "\"reconnects\": 0", "\"fingerprint\": \"SHA256:");

      link.stall();
      Patience.until(
          "the loss is noticed",
          Duration.ofSeconds(20),
          () ->
              stage
                  .docker()
                  .out("volume", "inspect", volume)
                  .contains("\"state\": \"reconnecting\""));
      link.resume();

      long start = System.nanoTime();
      stage.exec(container, "cat /d/letter && touch /d/answer").orThrow();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(remote.resolve("answer")).exists();
      assertThat(stage.docker().out("volume", "inspect", volume))
          .contains("\"state\": \"mounted\"", "\"reconnects\": 1", "lastError");
      stage.docker().out("rm", "-f", container);
    }
  }
}
