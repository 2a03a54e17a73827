package dev.mooring.harness.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mooring.harness.bench.Subject.Ciphers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs the benchmark: {@code Bench LAUNCHER RESULTS PAGE BINDINGS RTT [WORKLOAD...]}. Results go to
 * a file, charts beside it; the page for people is written unless PAGE is {@code -}. libfuse is
 * measured on loopback only, where bindings differ most.
 */
public final class Bench {
  /** From here on only streams are measured: anything else would take hours. */
  private static final int STREAMS_ONLY_MILLIS = 50;

  /** The one name that stands for all lines of the plugin in a dockerd. */
  private static final String DOCKER = "docker";

  private final Path launcher;
  private final List<String> bindings;
  private final Predicate<Metric> wanted;

  private Bench(Path launcher, List<String> bindings, List<String> names) {
    this.launcher = launcher;
    this.bindings = bindings;
    wanted = metric -> names.isEmpty() || names.stream().anyMatch(metric.name()::contains);
  }

  /** The command line; see the class. */
  public static void main(String[] arguments) throws IOException {
    Path results = Files.createDirectories(Path.of(arguments[1]));
    List<String> names = Stream.of(arguments).skip(5).flatMap(Bench::parts).toList();
    Bench bench =
        new Bench(Path.of(arguments[0]).toAbsolutePath(), parts(arguments[3]).toList(), names);
    List<Line> lines = new ArrayList<>();
    for (String rtt : parts(arguments[4]).toList()) {
      lines.addAll(bench.measure(Integer.parseInt(rtt)));
    }
    if (names.isEmpty() || names.contains(DOCKER)) {
      lines.addAll(DockerCosts.measure(Path.of("target/plugin").toAbsolutePath()));
    }
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(results.resolve("results.json").toFile(), lines);
    Chart.writeAll(lines, results);
    if (!arguments[2].equals("-")) {
      Page.write(lines, Path.of(arguments[2]));
    }
    System.out.print(Line.table(lines));
  }

  private static Stream<String> parts(String list) {
    return Arrays.stream(list.split(",", -1));
  }

  private List<Line> measure(int rttMillis) throws IOException {
    Scale scale = Scale.forRoundTrip(rttMillis);
    List<Workload> workloads =
        rttMillis < STREAMS_ONLY_MILLIS ? everything(scale) : Streams.sequential(scale);
    List<Line> lines = new ArrayList<>(measure(rttMillis, Ciphers.SAME, workloads));
    if (rttMillis == 0) {
      lines.addAll(measure(rttMillis, Ciphers.DEFAULT, Streams.sequential(scale)));
    }
    return lines;
  }

  private static List<Workload> everything(Scale scale) {
    return Stream.of(
            Streams.all(scale), SmallFiles.all(scale), Trees.all(scale), Programs.all(scale))
        .flatMap(List::stream)
        .toList();
  }

  private List<Line> measure(int rttMillis, Ciphers ciphers, List<Workload> workloads)
      throws IOException {
    List<Workload> chosen = workloads.stream().filter(w -> wanted.test(w.metric())).toList();
    if (chosen.isEmpty()) {
      return List.of();
    }
    List<Subject> subjects = new ArrayList<>();
    subjects.add(new Subject.Sshfs(List.of()));
    bindings.stream()
        .filter(binding -> binding.equals("kernel") || rttMillis == 0)
        .map(binding -> new Subject.Mooring(launcher, binding))
        .forEach(subjects::add);
    try (Course course = new Course(rttMillis, ciphers, subjects)) {
      return course.measure(chosen);
    }
  }
}
