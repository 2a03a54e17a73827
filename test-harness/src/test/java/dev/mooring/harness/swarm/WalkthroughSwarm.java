package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands of docs/SWARM.md, out of the files that it quotes, as the operator gives them. */
final class WalkthroughSwarm {
  private static final Path PAGE = Path.of("../docs/SWARM.md");
  private static final Path COMMANDS = Path.of("../examples/swarm");
  private static final Pattern QUOTE = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  private final Site site = Site.get();

  @Test
  void theCommandsOfThePageLeadToARunningStackAndAwayFromIt() {
    Path directory = site.remoteDirectory();
    Path report = site.server().seenFromOutside(directory.resolve("report"));

    site.operator("examples/swarm/deploy.sh")
        .with("DIRECTORY", directory.toString())
        .run()
        .orThrow();
    Patience.until("the writer writes", Duration.ofSeconds(60), () -> Files.exists(report));
    site.operator("examples/swarm/remove.sh").run().orThrow();

    assertThat(report).exists();
    for (Node node : site.nodes()) {
      assertThat(node.docker().out("volume", "ls", "-q")).doesNotContain("files_files");
    }
  }

  @Test
  void thePageQuotesWhatIsRun() throws IOException {
    List<String> run;
    try (Stream<Path> files = Files.list(COMMANDS)) {
      run = files.flatMap(WalkthroughSwarm::lines).map(String::strip).toList();
    }

    assertThat(
            QUOTE
                .matcher(Files.readString(PAGE))
                .results()
                .flatMap(quote -> quote.group(1).lines())
                .filter(line -> !line.startsWith("export ")))
        .isNotEmpty()
        .allMatch(run::contains);
  }

  @Test
  void thePageHasARowForEachBadDay() {
    for (BadDay day : BadDay.values()) {
      assertThat(lines(PAGE))
          .anyMatch(line ->
              line.startsWith("| " + day.what() + " |") && line.endsWith("| " + day.peer() + " |"));
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
