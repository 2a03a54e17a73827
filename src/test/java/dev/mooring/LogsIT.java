package dev.mooring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logging into a pipe that nobody reads, as at times dockerd does not. */
@Timeout(60)
class LogsIT {
  private static final int LINES = 5000;
  private static final Pattern MISSING = Pattern.compile("(\\d+) lines are missing here");

  private static Process flood(int lines) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LogFlood.class.getName(),
            "" + lines)
        .start();
  }

  @Test
  void whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() throws Exception {
    Process process = flood(LINES);
    try (BufferedReader said = process.errorReader();
        BufferedReader log = process.inputReader()) {
      // Nobody has read a line of the log yet: it did not hold up those who logged.
      assertThat(said.readLine()).isEqualTo("logged");
      process.getOutputStream().write('\n');
      process.getOutputStream().close();
      String all = log.readAllAsString();

      long written = all.lines().filter(line -> line.contains(" LogFlood line ")).count();
      long missing =
          MISSING
              .matcher(all)
              .results()
              .map((MatchResult found) -> found.group(1))
              .mapToLong(Long::parseLong)
              .sum();
      assertThat(written).isGreaterThanOrEqualTo(Logs.QUEUED);
      assertThat(missing).isPositive();
      long last = all.lines().filter(line -> line.contains("one more")).count();
      assertThat(written + last + missing).isEqualTo(LINES + 1);
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aMessageStaysOneLine() throws Exception {
    Process process = flood(1);
    try (BufferedReader said = process.errorReader();
        BufferedReader log = process.inputReader()) {
      assertThat(said.readLine()).isEqualTo("logged");
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      assertThat(log.readLine()).contains(" INFO  LogFlood line 0: ");

      assertThat(log.readLine()).endsWith(" INFO  LogFlood one more?ERROR that the server made up");
    } finally {
      process.destroyForcibly();
    }
  }
}
