package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the heap is full, the process ends with one line, whichever thread it was. */
@Timeout(60)
class OutOfMemoryIT {
  private static final int EXIT_STATUS = 3;
  private static final Pattern FLAG = Pattern.compile("(?<=\\s)-X\\S+");

  /** What the plugin, or a mount, is started with; on top of that, a heap that is soon full. */
  private static List<String> command(String startedBy) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    FLAG.matcher(Files.readString(Path.of(startedBy)))
        .results()
        .map(MatchResult::group)
        .filter(flag -> flag.matches("-[\\w:+=-]+"))
        .forEach(words::add);
    words.addAll(
        List.of(
            "-Xmx32m", "-cp", System.getProperty("java.class.path"), MemoryEater.class.getName()));
    return words;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugin/java.args", ".ci/launcher"})
  void itEndsTheProcessSoThatItIsStartedAgain(String startedBy) throws Exception {
    Process process = new ProcessBuilder(command(startedBy)).redirectErrorStream(true).start();
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.readLine())
          .isEqualTo("Terminating due to java.lang.OutOfMemoryError: Java heap space");
      assertThat(process.waitFor()).isEqualTo(EXIT_STATUS);
      assertThat(said.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
  }
}
