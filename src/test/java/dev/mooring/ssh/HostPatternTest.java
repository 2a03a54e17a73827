package dev.mooring.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPatternTest {
  @ParameterizedTest
  @CsvSource({
    "box, box, true",
    "box, boxes, false",
    "b?x, box, true",
    "*, '', true",
    "*.example, a.b.example, true",
    "*.example, example, false",
    "a*b*c, aXbXbXc, true",
    "a*b*c, aXbXbX, false",
    "??*, a, false",
    "'', '', true",
    "'', a, false"
  })
  void aPatternIsLikeAName(String pattern, String name, boolean like) {
    assertThat(HostPattern.matches(pattern, name)).isEqualTo(like);
  }

  @Test
  void aNegatedPatternWins() {
    List<String> patterns = List.of("*.Example", "!bad.example");
    assertThat(HostPattern.anyMatches(patterns, "GOOD.example")).isTrue();
    assertThat(HostPattern.anyMatches(patterns, "bad.example")).isFalse();
    assertThat(HostPattern.anyMatches(List.of("!bad"), "good")).isFalse();
  }

  @Test
  void manyStarsTakeNoTime() {
    String pattern = "*a".repeat(200) + "b";
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThat(HostPattern.matches(pattern, "a".repeat(2000))).isFalse());
  }
}
