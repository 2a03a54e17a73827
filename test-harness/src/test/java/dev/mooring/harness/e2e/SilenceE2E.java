package dev.mooring.harness.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Patience;
import dev.mooring.harness.Relay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that is away for a while: it is restarted, or a firewall forgets its connections. */
@OnStage
final class SilenceE2E {
  /** Shorter than the time that a call has. */
  private static final Duration AWAY = Duration.ofSeconds(20);

  private static final Duration BACK = Duration.ofSeconds(10);

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
          () -> inspect(volume, "\"state\": \"reconnecting\""));
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

  @Test
  void aContainerGoesOnByItselfWhenItsServerIsBackAfterTwentySeconds() throws Exception {
    Path remote = stage.remoteDirectory();
    String volume = stage.createVolume(remote);
    String container =
        stage.startScript(
            volume + ":/d",
            "trap exit TERM; n=0; while :; do n=$((n+1)); echo $n >> /d/log || echo failed $n;"
                + " sleep 1; done");
    Patience.until("it writes", BACK, () -> remote.resolve("log").toFile().length() > 0);

    stage.sshd().close();
    Patience.until("the loss is seen", BACK, () -> inspect(volume, "\"state\": \"reconnecting\""));
    Patience.rest(AWAY);
    stage.sshd().restart();
    long before = remote.resolve("log").toFile().length();
    Patience.until("it writes", BACK, () -> remote.resolve("log").toFile().length() > before);

    assertThat(inspect(volume, "\"state\": \"mounted\"")).isTrue();
    assertThat(inspect(volume, "\"reconnects\": 1")).isTrue();
    assertThat(stage.docker().out("logs", container)).isEmpty();
    stage.docker().out("rm", "-f", container);
    List<String> lines = Files.readAllLines(remote.resolve("log"));
    assertThat(lines)
        .isEqualTo(IntStream.rangeClosed(1, lines.size()).mapToObj(Integer::toString).toList());
  }

  private boolean inspect(String volume, String text) {
    return stage.docker().out("volume", "inspect", volume).contains(text);
  }
}
