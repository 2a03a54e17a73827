package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages for people quote, name and lead to exists as they say. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)");
  private static final Pattern MAKE =
      Pattern.compile("(?:^|`|sudo |[A-Z_]+=\\S+ )make ([a-z0-9]+)", Pattern.MULTILINE);

  @Test
  void whatIsQuotedFromTheExamplesStandsInThem() throws IOException {
    List<String> examples =
        Stream.of("compose.yml", "stack.yml").map(name -> read(Path.of("examples", name))).toList();

    assertThat(all(YAML, README))
        .isNotEmpty()
        .allSatisfy(
            quoted -> assertThat(examples).anySatisfy(file -> assertThat(file).contains(quoted)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatIsLinkedIsThere(Path page) {
    assertThat(all(LINK, page))
        .allSatisfy(target -> assertThat(page.resolveSibling(target)).exists());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyTargetThatIsNamedCanBeMade(Path page) {
    String makefile = read(Path.of("Makefile"));

    assertThat(all(MAKE, page)).allSatisfy(target -> assertThat(makefile).contains(target + ":"));
  }

  @Test
  void theFirstThirtyLinesLeadToAMountAndToAContainer() throws IOException {
    assertThat(Files.readAllLines(README).subList(0, 30))
        .contains("docker volume create -d mooring/sshfs -o sshcmd=me@server:/data sshvolume")
        .anyMatch(line -> line.startsWith("make demo "))
        .anyMatch(line -> line.startsWith("make test "))
        .anyMatch(line -> line.startsWith("**It fits**"))
        .anyMatch(line -> line.startsWith("**It does not fit**"));
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(Stream.of(README, Path.of("CHANGELOG.md")), docs.sorted()).toList();
    }
  }

  private static List<String> all(Pattern pattern, Path page) {
    return pattern
        .matcher(read(page))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
