package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final ConnectionLost LOST = new ConnectionLost("cable pulled");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Backoff backoff = new Backoff(new Random(1));

  private List<Long> millis(int failures, IOException last) {
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      drawn.add(backoff.after(failures, last).toMillis());
    }
    return drawn;
  }

  private static SshFailure failure(Phase phase) {
    return new SshFailure(phase, "me@host:22", "planted", "do nothing", null);
  }

  @Test
  void pausesDoubleToTwoSecondsWhileCallersWaitAndThenToHalfAMinute() {
    long most = 100;
    for (int failures = 0; failures < 20; failures++) {
      assertThat(millis(failures, LOST)).allSatisfy(within(most / 2, most));
      most = Math.min(2 * most, 2_000);
    }
    for (int failures = 20; failures < 30; failures++) {
      assertThat(millis(failures, LOST)).allSatisfy(within(most / 2, most));
      most = Math.min(2 * most, 30_000);
    }
    assertThat(millis(Integer.MAX_VALUE, LOST)).allSatisfy(within(15_000, 30_000));
  }

  private static Consumer<Long> within(long least, long most) {
    return millis -> assertThat(millis).isBetween(least, most);
  }

  @Test
  void halfOfAPauseIsChance() {
    List<Long> pauses = millis(4, LOST);

    assertThat(Collections.min(pauses)).isLessThan(850);
    assertThat(Collections.max(pauses)).isGreaterThan(1_550);
    assertThat(Set.copyOf(pauses)).hasSizeGreaterThan(300);
  }

  @Test
  void whoWasRefusedWaitsAMinuteLonger() {
    for (Phase phase : List.of(Phase.HOST_KEY, Phase.AUTHENTICATION)) {
      assertThat(backoff.after(0, failure(phase)))
          .as(phase.words())
          .isBetween(MINUTE.plusMillis(50), MINUTE.plusMillis(100));
      assertThat(backoff.after(20, failure(phase))).isLessThanOrEqualTo(MINUTE.plusSeconds(30));
    }
  }

  @Test
  void aConnectionThatWasLostDuringTheLoginIsNoRefusal() {
    SshFailure cut =
        new SshFailure(Phase.AUTHENTICATION, "me@host:22", "planted", "do nothing", null, false);
    assertThat(backoff.after(0, cut)).isLessThanOrEqualTo(Duration.ofMillis(100));
  }

  @Test
  void otherFailuresAreNoRefusals() {
    for (Phase phase : List.of(Phase.DNS, Phase.TCP, Phase.KEY_EXCHANGE, Phase.SUBSYSTEM)) {
      assertThat(backoff.after(0, failure(phase)))
          .as(phase.words())
          .isLessThanOrEqualTo(Duration.ofMillis(100));
    }
  }
}
