package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {
  private static final ConnectionLost LOST = new ConnectionLost("cable pulled");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Set<SshTrouble> NO_WORD_OF_THE_SERVER =
      EnumSet.of(SshTrouble.LOGIN_LOST, SshTrouble.LOGIN_OVERDUE, SshTrouble.AGENT_SILENT);

  private final Backoff backoff = new Backoff(new Random(1));

  private List<Long> millis(int failures, IOException last) {
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      drawn.add(backoff.after(failures, last).toMillis());
    }
    return drawn;
  }

  private static SshFailure failure(SshTrouble trouble) {
    return new SshFailure(trouble, "me@host:22", null, "a", "b", "c", "d", "e");
  }

  @Test
  void pausesDoubleToOneSecondWhileCallersWaitAndThenToHalfAMinute() {
    long most = 100;
    for (int failures = 0; failures < 40; failures++) {
      assertThat(millis(failures, LOST)).allSatisfy(within(most / 2, most));
      most = Math.min(2 * most, 1_000);
    }
    for (int failures = 40; failures < 50; failures++) {
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
    List<Long> pauses = millis(10, LOST);

    assertThat(Collections.min(pauses)).isLessThan(600);
    assertThat(Collections.max(pauses)).isGreaterThan(900);
    assertThat(Set.copyOf(pauses)).hasSizeGreaterThan(300);
  }

  @ParameterizedTest
  @EnumSource
  void whoWasRefusedWaitsAMinuteLonger(SshTrouble trouble) {
    Duration first = backoff.after(0, failure(trouble));
    Duration later = backoff.after(20, failure(trouble));

    boolean refusal =
        switch (trouble.phase()) {
          case HOST_KEY -> true;
          case AUTHENTICATION -> !NO_WORD_OF_THE_SERVER.contains(trouble);
          case DNS, TCP, KEY_EXCHANGE, SUBSYSTEM -> false;
        };
    Duration more = refusal ? MINUTE : Duration.ZERO;
    assertThat(first).isBetween(more.plusMillis(50), more.plusMillis(100));
    assertThat(later).isLessThanOrEqualTo(more.plusSeconds(30));
  }
}
