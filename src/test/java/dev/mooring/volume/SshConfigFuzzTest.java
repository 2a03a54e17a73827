package dev.mooring.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ssh_config and profiles that nobody means: keywords with noise around them. {@code
 * -Dfuzz.configs} and {@code -Dfuzz.seed} choose how many and which.
 */
class SshConfigFuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.configs", 2_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261125L);
  private static final String ALPHABET = " \t\"=#*?!,@:%[]/.~-+^\r\n\0ab10\u00ff";
  private static final List<String> KEYWORDS =
      List.of(
          "Host",
          "Match",
          "Include",
          "HostName",
          "User",
          "Port",
          "IdentityFile",
          "CertificateFile",
          "IdentityAgent",
          "ProxyJump",
          "Ciphers",
          "KexAlgorithms",
          "HostKeyAlias",
          "UserKnownHostsFile",
          "StrictHostKeyChecking",
          "ConnectTimeout",
          "ServerAliveInterval",
          "Compression",
          "RekeyLimit",
          "PreferredAuthentications",
          "sshcmd",
          "profile",
          "SendEnv");
  private static final List<String> WORDS =
      List.of("box", "*", "a,b", "yes", "no", "22", "key", "config", "part", "none", "1G 1h");

  private final Random random = new Random(SEED);
  @TempDir private Path keys;

  @Test
  void whateverStandsInThemTheAnswerIsASpecificationOrAllProblemsInOneLine() throws IOException {
    Files.writeString(keys.resolve("key"), "no key");
    OptionParser parser =
        new OptionParser(
            OptionContext.plugin(keys, keys.resolve("agents"), keys.resolve("remembered")));
    for (int round = 0; round < ROUNDS; round++) {
      write("config");
      write("part");
      Map<String, String> options =
          random.nextInt(4) == 0 ? Map.of("profile", "part") : Map.of("sshcmd", "box:/d");

      assertThat(outcome(parser, options))
          .as("seed %d, round %d", SEED, round)
          .hasSizeLessThan(1024)
          .doesNotContainPattern("\\p{Cntrl}");
    }
  }

  private static String outcome(OptionParser parser, Map<String, String> options) {
    try {
      return parser.parse(options).target().toString();
    } catch (InvalidOptions e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void write(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int line = random.nextInt(8); line > 0; line--) {
      text.append(noise(2)).append(any(KEYWORDS)).append(random.nextBoolean() ? " " : noise(3));
      for (int word = random.nextInt(3); word > 0; word--) {
        text.append(random.nextInt(3) == 0 ? noise(9) : any(WORDS)).append(' ');
      }
      text.append('\n');
    }
    Files.writeString(keys.resolve(name), text, StandardCharsets.ISO_8859_1);
  }

  private String any(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private String noise(int most) {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      noise.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return noise.toString();
  }
}
