package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.remote.RemoteSettings.Lifetimes;
import dev.mooring.mount.CacheDraft.Consistency;
import dev.mooring.testing.SemanticsRow;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheDraftTest {
  private final CacheDraft draft = new CacheDraft();

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  @SemanticsRow("preset.sshfs")
  void oneTimeForAllLeavesOpenFilesAndAbsentNamesAtASecond() {
    draft.all(seconds(20));

    assertThat(draft.lifetimes())
        .isEqualTo(
            new Lifetimes(
                seconds(20), seconds(1), seconds(20), seconds(1), seconds(20), seconds(2), 10_000));
  }

  @Test
  @SemanticsRow("preset.sshfs")
  void nothingIsBelievedForLongerThanTheTimeForAll() {
    draft.all(Duration.ZERO);

    assertThat(draft.lifetimes().attributes()).isZero();
    assertThat(draft.lifetimes().openAttributes()).isZero();
    assertThat(draft.lifetimes().entries()).isZero();
    assertThat(draft.lifetimes().absent()).isZero();
    assertThat(draft.lifetimes().directories()).isZero();
  }

  @Test
  @SemanticsRow("preset.sshfs")
  void singleTimesStandOverTheTimeForAllAndThePreset() {
    draft.consistency(Consistency.RELAXED);
    draft.all(seconds(30));
    draft.attributes(seconds(3));
    draft.entries(seconds(4));
    draft.directories(seconds(5));
    draft.absent(seconds(6));
    draft.idleNodes(500);

    assertThat(draft.lifetimes())
        .isEqualTo(
            new Lifetimes(
                seconds(3), seconds(3), seconds(4), seconds(6), seconds(5), seconds(60), 500));
  }
}
