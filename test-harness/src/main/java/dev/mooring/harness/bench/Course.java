package dev.mooring.harness.bench;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.Relay;
import dev.mooring.harness.Workspace;
import dev.mooring.harness.bench.Metric.Better;
import dev.mooring.harness.bench.Metric.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A server at a distance, and all subjects with a mount of it. Every workload runs once to warm up,
 * which is not counted, and then {@value #ROUNDS} times on each subject, one after the other; who
 * goes first changes from round to round. What takes C sshfs more than {@value #PATIENCE_SECONDS} s
 * it does once, and rounds end when a workload has had {@value #ENOUGH_SECONDS} s.
 */
final class Course implements AutoCloseable {
  private static final int ROUNDS = 5;
  private static final int PATIENCE_SECONDS = 20;
  private static final int ENOUGH_SECONDS = 30;

  /**
   * What others make on a server may be hidden from a mount for a second (docs/SEMANTICS.md):
   * ample.
   */
  private static final Duration VISIBILITY = Duration.ofSeconds(10);

  private final int rttMillis;
  private final Subject.Ciphers ciphers;
  private final Workspace workspace = new Workspace("bench");
  private final PrivateSshd sshd = new PrivateSshd(workspace.mkdir("sshd"));
  private final Relay relay;
  private final Path served = workspace.mkdir("served");
  private final List<MountedSubject> subjects = new ArrayList<>();
  private int run;

  /** Mounts all subjects, C sshfs being the first of them. */
  Course(int rttMillis, Subject.Ciphers ciphers, List<Subject> all) {
    this.rttMillis = rttMillis;
    this.ciphers = ciphers;
    relay = new Relay(sshd.port(), Duration.ofMillis(rttMillis));
    int port = rttMillis == 0 ? sshd.port() : relay.port();
    Subject.Target target =
        new Subject.Target(port, served, sshd.key(), sshd.knownHosts(port), ciphers);
    try {
      for (Subject subject : all) {
        String name = subject.name().replace('/', '-');
        Path log = workspace.directory().resolve(name + ".log");
        subjects.add(new MountedSubject(subject, target, workspace.mkdir("mnt-" + name), log));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The lines of all workloads, and of what the subjects take of memory afterwards. */
  List<Line> measure(List<Workload> workloads) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Workload workload : workloads) {
      lines.addAll(measure(workload));
    }
    lines.addAll(memory());
    return lines;
  }

  private record Samples(MountedSubject subject, List<Double> values, List<Double> cpuSeconds) {
    Samples(MountedSubject subject) {
      this(subject, new ArrayList<>(), new ArrayList<>());
    }
  }

  private List<Line> measure(Workload workload) throws IOException {
    List<Samples> all = subjects.stream().map(Samples::new).toList();
    Samples theirs = all.getFirst();
    long began = System.nanoTime();
    long theirWarmUp = sample(workload, theirs, 0);
    boolean once = theirWarmUp > PATIENCE_SECONDS;
    for (Samples ours : all.subList(1, all.size())) {
      sample(workload, ours, 0);
      ours.values.clear();
      ours.cpuSeconds.clear();
    }
    if (!once) {
      theirs.values.clear();
      theirs.cpuSeconds.clear();
    }
    List<Samples> counted = once ? all.subList(1, all.size()) : all;
    for (int round = 1; round <= ROUNDS; round++) {
      for (Samples samples : round % 2 == 0 ? counted : counted.reversed()) {
        sample(workload, samples, round);
      }
      if (secondsSince(began) - (once ? theirWarmUp : 0) > ENOUGH_SECONDS) {
        break;
      }
    }
    return lines(workload, theirs, all.subList(1, all.size()));
  }

  /** Measures one run and answers how many seconds the whole of it took. */
  private long sample(Workload workload, Samples samples, int round) throws IOException {
    double cpuBefore = samples.subject.cpuSeconds();
    long began = System.nanoTime();
    double value = run(workload, samples.subject);
    samples.values.add(value);
    samples.cpuSeconds.add(samples.subject.cpuSeconds() - cpuBefore);
    System.out.printf(
        Locale.ROOT,
        "%s at %d ms, %s, %s: %.2f %s%n",
        workload.metric().name(),
        rttMillis,
        samples.subject.subject().name(),
        round == 0 ? "warm-up" : "round " + round + " of " + ROUNDS,
        value,
        workload.metric().unit());
    return secondsSince(began);
  }

  private double run(Workload workload, MountedSubject subject) throws IOException {
    String name = "run-" + ++run;
    Places places =
        new Places(
            Files.createDirectory(served.resolve(name)),
            subject.mountPoint().resolve(name),
            workspace.mkdir("local-" + name));
    try {
      workload.prepare(places);
      Patience.until(
          subject.subject().name() + " shows what was prepared",
          VISIBILITY,
          () -> Files.exists(places.mounted()));
      dropCaches();
      double value = workload.run(places);
      workload.verify(places);
      return value;
    } finally {
      Content.shell("rm -r " + places.served() + " " + places.local());
    }
  }

  /** The server's files are on tmpfs and stay; what the mounts' page caches hold goes. */
  private static void dropCaches() throws IOException {
    Command.of("sync").run().orThrow();
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
  }

  private List<Line> lines(Workload workload, Samples theirs, List<Samples> all) {
    List<Line> lines = new ArrayList<>();
    for (Samples ours : all) {
      lines.add(line(workload.metric(), ours.subject, ours.values, theirs.values));
      if (workload.gibibytes() > 0) {
        lines.add(
            line(
                workload.metric().cpu(),
                ours.subject,
                divided(ours.cpuSeconds, workload.gibibytes()),
                divided(theirs.cpuSeconds, workload.gibibytes())));
      }
    }
    return lines;
  }

  private static List<Double> divided(List<Double> values, double by) {
    return values.stream().map(v -> v / by).toList();
  }

  private Line line(Metric metric, MountedSubject ours, List<Double> values, List<Double> peer) {
    String binding = ((Subject.Mooring) ours.subject()).binding();
    // One run of a slow peer stands beside each of ours.
    List<Double> paired =
        IntStream.range(0, values.size())
            .mapToObj(i -> peer.get(Math.min(i, peer.size() - 1)))
            .toList();
    return Line.of(metric, rttMillis, binding, ciphers.words(), values, paired);
  }

  private List<Line> memory() {
    Metric memory =
        new Metric(Group.COSTS, "resident memory at the end", "MB", Better.LOWER, false);
    List<Double> theirs = List.of(subjects.getFirst().residentMegabytes());
    return subjects.stream()
        .skip(1)
        .map(ours -> line(memory, ours, List.of(ours.residentMegabytes()), theirs))
        .toList();
  }

  private static long secondsSince(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
  }

  @Override
  public void close() {
    subjects.forEach(MountedSubject::close);
    relay.close();
    sshd.close();
    workspace.close();
  }
}
