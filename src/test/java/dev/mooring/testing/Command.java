package dev.mooring.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program of the machine, run to its end. */
public final class Command {
  private Command() {}

  /**
   * Runs it without input and returns what it printed, on both streams.
   *
   * @throws IOException when it does not exit with 0; the message has what it printed
   */
  public static String run(String... words) throws IOException {
    return run(List.of(words), "");
  }

  /** As {@link #run(String...)}, with {@code input} on its standard input. */
  public static String run(List<String> words, String input) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
      stdin.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = exitStatus(process);
    if (status != 0) {
      throw new IOException(words + " exited with " + status + ": " + output);
    }
    return output;
  }

  private static int exitStatus(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
