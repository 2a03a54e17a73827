package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Options that nobody means: known and unknown names with noise for values. {@code -Dfuzz.options}
 * and {@code -Dfuzz.seed} choose how many and which.
 */
class OptionFuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.options", 20_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261122L);
  private static final String ALPHABET = "ab019-_=,:@[]/.~ %\0\nöuidportno";
  private static final List<String> NAMES =
      VolumeOptions.ALL.stream().map(VolumeOption::key).toList();

  private final Random random = new Random(SEED);
  @TempDir private Path directory;

  @Test
  void whateverIsGivenTheAnswerIsASpecificationOrAllProblemsInOneLine() {
    OptionParser parser =
        new OptionParser(
            OptionContext.plugin(
                directory, directory.resolve("agents"), directory.resolve("remembered")));
    for (int round = 0; round < ROUNDS; round++) {
      List<Entry<String, String>> options = options();

      assertThat(outcome(parser, options))
          .as("seed %d, round %d: %s", SEED, round, options)
          .doesNotContain("\n");
    }
  }

  private List<Entry<String, String>> options() {
    List<Entry<String, String>> options = new ArrayList<>();
    options.add(Map.entry("sshcmd", random.nextInt(3) == 0 ? noise() : "ann@box:/d"));
    for (int i = random.nextInt(4); i >= 0; i--) {
      String name = random.nextInt(4) == 0 ? noise() : NAMES.get(random.nextInt(NAMES.size()));
      options.add(Map.entry(name, noise()));
    }
    return options;
  }

  private static String outcome(OptionParser parser, List<Entry<String, String>> options) {
    try {
      return parser.parse(options).target().toString();
    } catch (InvalidOptions e) {
      return String.join("; ", e.problems());
    }
  }

  private String noise() {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(9); i > 0; i--) {
      noise.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return noise.toString();
  }
}
