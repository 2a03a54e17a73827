package dev.mooring.harness.swarm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the containers of {@code probe.yml} have noted. */
final class Probes {
  private final Path directory;

  Probes(Path directory) {
    this.directory = directory;
  }

  /**
   * A step of a probe; times are seconds since the machine was started.
   *
   * @param write what became of it: {@code ok} or the error
   * @param read the content, {@code hello}, or the error
   * @param names how many the listing had, or {@code refused}
   * @param kind of the file system
   */
  record Step(
      String probe,
      double began,
      double ended,
      int number,
      String write,
      String read,
      String names,
      String kind) {

    static Step parse(String probe, String line) {
      String[] words = line.split(" ", -1);
      return new Step(
          probe,
          Double.parseDouble(words[0]),
          Double.parseDouble(words[1]),
          Integer.parseInt(words[2]),
          words[3],
          words[4],
          words[5],
          words[6]);
    }

    boolean ok() {
      return write.equals("ok") && read.equals("hello") && !names.equals("refused");
    }

    String node() {
      return probe.split("-", -1)[1];
    }

    double seconds() {
      return ended - began;
    }
  }

  /** The time on the clock of the probes. */
  static double now() {
    return Double.parseDouble(read(Path.of("/proc/uptime")).split(" ", -1)[0]);
  }

  /** All steps that ended after a time. */
  List<Step> since(double time) {
    try (Stream<Path> logs = Files.list(directory)) {
      return logs.filter(log -> !log.endsWith("probe.sh"))
          .flatMap(log -> steps(log).stream())
          .filter(step -> step.ended > time)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last line may be half written. */
  private static List<Step> steps(Path log) {
    String text = read(log);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(line -> Step.parse(log.getFileName().toString(), line))
        .toList();
  }

  /** A line for each node: what a container there saw since a time. */
  Map<String, String> seenSince(double time) {
    return since(time).stream()
        .collect(Collectors.groupingBy(Step::node, TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> seen(entry.getValue()), (a, b) -> a, TreeMap::new));
  }

  private static String seen(List<Step> steps) {
    double longest = steps.stream().mapToDouble(Step::seconds).max().orElse(0);
    String waited = String.format(Locale.ROOT, "longest step %.1f s", longest);
    List<Step> failed = steps.stream().filter(step -> !step.ok()).toList();
    if (failed.isEmpty()) {
      return waited + ", no error";
    }
    double from = failed.stream().mapToDouble(Step::began).min().orElse(0);
    double to = failed.stream().mapToDouble(Step::ended).max().orElse(0);
    String errors =
        failed.stream()
            .flatMap(step -> Stream.of(step.write, step.read, step.names))
            .filter(word -> !word.equals("ok") && !word.equals("hello") && !word.matches("\\d+"))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "))
            .replace('_', ' ');
    return String.format(
        Locale.ROOT, "%s, %d failed in %.1f s (%s)", waited, failed.size(), to - from, errors);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
