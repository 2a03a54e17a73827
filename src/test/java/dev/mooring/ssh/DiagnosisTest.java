package dev.mooring.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
  @Test
  void aLineNamesPhaseTargetReasonAndRemedy() {
    assertThat(new Diagnosis("DNS", "ann@box:22", "no such name", "check it").line())
        .isEqualTo("DNS failed for ann@box:22: no such name; check it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ö", "x\n", "漢", "\uD83D\uDE00", "\u202e"})
  void howeverLongItsPartsAreItIsOneLineBelowAKilobyte(String character) {
    String much = character.repeat(5000);
    String line = new Diagnosis("host key", much, much, "mend it").line();
    assertThat(line).doesNotContain("\n", "\u202e").endsWith("...; mend it");
    assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024);
  }

  @Test
  void aLongRemedyLeavesRoomForTheReason() {
    String line = new Diagnosis("TCP", "t", "because", "r".repeat(5000)).line();
    assertThat(line).startsWith("TCP failed for t: because; rrr");
    assertThat(line.length()).isLessThan(1024);
  }
}
