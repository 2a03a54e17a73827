package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program to run to its end, with a bound on how long that may take. */
public record Command(List<String> words, Map<String, String> environment, Duration limit) {

  /** How a program ended. */
  public record Outcome(Command command, int exit, String output, String errors) {
    /** This outcome, if the program succeeded. */
    public Outcome orThrow() {
      if (exit != 0) {
        throw new IllegalStateException(
            "%s ended with %d%n%s%s".formatted(command.words, exit, output, errors));
      }
      return this;
    }
  }

  /** A command that may take a minute, with this process's environment. */
  public static Command of(String... words) {
    return new Command(List.of(words), Map.of(), Duration.ofMinutes(1));
  }

  /** The same command with another bound. */
  public Command within(Duration newLimit) {
    return new Command(words, environment, newLimit);
  }

  /** The same command with one more variable. */
  public Command with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Command(words, more, limit);
  }

  /** Runs it; one that is still running at its bound is killed with its children. */
  public Outcome run() {
    try {
      Path output = Files.createTempFile("mooring-harness-", ".out");
      Path errors = Files.createTempFile("mooring-harness-", ".err");
      try {
        return run(output, errors);
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + words, e);
    }
  }

  private Outcome run(Path output, Path errors) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(words + " did not end within " + limit);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + words, e);
    }
    return new Outcome(this, process.exitValue(), text(output), text(errors));
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
