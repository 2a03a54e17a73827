package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.swarm.Probes.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The stack of {@code probe.yml} on a directory of its own, which holds the file {@code hello}. */
final class ProbeStack implements AutoCloseable {
  static final Path RESOURCES = Path.of("src/test/resources/dev/mooring/harness/swarm");

  private final Site site;
  private final Path directory;
  private final Path notes;
  private final Stack stack;
  private final Probes probes;
  private double start;

  /** Two of the probes roam. */
  ProbeStack(Site site) {
    this(site, 2, "");
  }

  /**
   * Deploys it and waits for its probes.
   *
   * @param options more options of the volume, each with a comma before it
   */
  ProbeStack(Site site, int roaming, String options) {
    this.site = site;
    directory = site.remoteDirectory();
    site.cluster().node(3).sh("echo hello >" + directory + "/hello");
    notes = Enclosure.current().home().resolve(site.name("notes"));
    try {
      Files.createDirectories(notes);
      Files.copy(RESOURCES.resolve("probe.sh"), notes.resolve("probe.sh"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    probes = new Probes(notes);
    stack =
        new Stack(site, RESOURCES.resolve("probe.yml").toString())
            .on(directory)
            .with("PROBE", notes.toString())
            .with("ROAMING", Integer.toString(roaming))
            .with("OPTIONS", options)
            .deploy();
    awaitFine(3 + roaming);
    start = Probes.now();
  }

  Stack stack() {
    return stack;
  }

  Probes probes() {
    return probes;
  }

  /** From now on counts what {@link #steps} is for. */
  void begin() {
    start = Probes.now();
  }

  /** When the steps that count began. */
  double start() {
    return start;
  }

  /** Waits until as many probes have had a step without error that began after this call. */
  void awaitFine(int count) {
    double now = Probes.now();
    stack.await(
        count + " probes are fine",
        () ->
            probes.since(now).stream()
                    .filter(step -> step.began() > now && step.ok())
                    .map(Step::probe)
                    .distinct()
                    .count()
                >= count);
  }

  /** The steps since {@link #begin}. */
  List<Step> steps() {
    return probes.since(start);
  }

  /**
   * Called when what happened is over: waits until as many probes are fine again, and writes down
   * what they saw. Answers how many seconds it took until all that had lived through it had a step
   * without an error.
   */
  double recovered(BadDay day, int count) {
    double over = Probes.now();
    awaitFine(count);
    double last =
        steps().stream()
            .filter(Step::ok)
            .filter(step -> step.ended() > over)
            .collect(
                Collectors.toMap(Step::probe, step -> step.ended() - over, Math::min, HashMap::new))
            .entrySet()
            .stream()
            .filter(first -> livedBefore(first.getKey(), over))
            .mapToDouble(Map.Entry::getValue)
            .max()
            .orElse(0);
    SeenTable.add(day, last, probes.seenSince(start));
    return last;
  }

  private boolean livedBefore(String probe, double time) {
    return probes.since(0).stream()
        .anyMatch(step -> step.probe().equals(probe) && step.ended() < time);
  }

  /** What holds in every case: nothing local, nothing lost, nothing that looks empty. */
  void assertNothingWrong() {
    List<Step> steps = probes.since(0);
    assertThat(steps).extracting(Step::kind).containsOnly("fuse.sshfs");
    assertThat(steps).extracting(Step::names).doesNotContain("0");
    assertThat(steps)
        .filteredOn(step -> step.names().matches("\\d+"))
        .as("a listing has hello and the probe's own file")
        .allSatisfy(step -> assertThat(Integer.parseInt(step.names())).isPositive());
    assertThat(steps).extracting(Step::read).doesNotContain("");
    acknowledged(steps)
        .forEach((probe, numbers) ->
            assertThat(onServer(probe)).as("acknowledged to " + probe).containsAll(numbers));
    for (Node node : site.nodes()) {
      assertThat(strayFiles(node)).as("files on the disk of " + node.name()).isEmpty();
    }
  }

  private static Map<String, Set<String>> acknowledged(List<Step> steps) {
    return steps.stream()
        .filter(step -> step.write().equals("ok"))
        .collect(
            Collectors.groupingBy(
                Step::probe,
                HashMap::new,
                Collectors.mapping(step -> Integer.toString(step.number()), Collectors.toSet())));
  }

  private List<String> onServer(String probe) {
    try {
      return Files.readAllLines(site.server().seenFromOutside(directory.resolve(probe)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files that went to a directory where only mounts of ours should be. */
  private static String strayFiles(Node node) {
    return node.sh(
        "find /var/lib/docker/plugins -xdev -path '*/propagated-mount/*' -type f"
            + " ! -path '*/propagated-mount/.state/*'");
  }

  @Override
  public void close() {
    stack.close();
  }
}
