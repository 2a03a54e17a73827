package dev.mooring.harness.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mooring.harness.Command;
import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.Relay;
import dev.mooring.harness.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the benchmark: {@code Bench LAUNCHER RESULTS BINDINGS [WORKLOAD...]}. Every workload runs
 * once to warm up, which is not counted, and then {@value #ROUNDS} times on each subject, one after
 * the other; who goes first changes from round to round.
 */
public final class Bench {
  private static final int ROUNDS = 5;
  private static final String CIPHER = "aes128-gcm@openssh.com";

  private final Path served;
  private final int rttMillis;
  private final List<MountedSubject> subjects;
  private final List<Line> lines = new ArrayList<>();
  private int run;

  private Bench(Path served, int rttMillis, List<MountedSubject> subjects) {
    this.served = served;
    this.rttMillis = rttMillis;
    this.subjects = subjects;
  }

  /** The command line; see the class. */
  public static void main(String[] arguments) throws IOException {
    Path launcher = Path.of(arguments[0]).toAbsolutePath();
    Path results = Path.of(arguments[1]);
    List<Subject> subjects = new ArrayList<>();
    subjects.add(new Subject.Sshfs(List.of()));
    for (String binding : arguments[2].split(",", -1)) {
      subjects.add(new Subject.Mooring(launcher, binding));
    }
    List<String> wanted = List.of(arguments).subList(4, arguments.length);
    Files.createDirectories(results.toAbsolutePath().getParent());
    List<Line> lines = new ArrayList<>();
    for (String rtt : arguments[3].split(",", -1)) {
      lines.addAll(measure(Integer.parseInt(rtt), subjects, wanted));
    }
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    mapper.writeValue(results.toFile(), lines);
    System.out.print(Line.table(lines));
  }

  private static List<Line> measure(int rttMillis, List<Subject> subjects, List<String> wanted)
      throws IOException {
    try (Workspace workspace = new Workspace("bench");
        PrivateSshd sshd = new PrivateSshd(workspace.mkdir("sshd"));
        Relay relay = new Relay(sshd.port(), Duration.ofMillis(rttMillis))) {
      Path served = workspace.mkdir("served");
      int port = rttMillis == 0 ? sshd.port() : relay.port();
      Path knownHosts = sshd.knownHosts(port);
      Subject.Target target = new Subject.Target(port, served, sshd.key(), knownHosts, CIPHER);
      List<MountedSubject> mounted = new ArrayList<>();
      try {
        for (Subject subject : subjects) {
          mounted.add(mount(subject, target, workspace));
        }
        Bench bench = new Bench(served, rttMillis, mounted);
        for (Workload workload : Workloads.forRoundTrip(rttMillis).all()) {
          if (wanted.isEmpty() || wanted.stream().anyMatch(workload.metric().name()::contains)) {
            bench.measure(workload);
          }
        }
        bench.addMemory();
        return bench.lines;
      } finally {
        mounted.forEach(MountedSubject::close);
      }
    }
  }

  private static MountedSubject mount(Subject subject, Subject.Target target, Workspace workspace) {
    String name = subject.name().replace('/', '-');
    Path log = workspace.directory().resolve(name + ".log");
    return new MountedSubject(subject, target, workspace.mkdir("mnt-" + name), log);
  }

  private record Samples(MountedSubject subject, List<Double> values, List<Double> cpuSeconds) {}

  private void measure(Workload workload) throws IOException {
    List<Samples> all =
        subjects.stream().map(s -> new Samples(s, new ArrayList<>(), new ArrayList<>())).toList();
    for (int round = -1; round < ROUNDS; round++) {
      for (Samples samples : round % 2 == 0 ? all : all.reversed()) {
        double cpuBefore = samples.subject.cpuSeconds();
        double value = measureOnce(workload, samples.subject);
        progress(workload, samples.subject, round, value);
        if (round >= 0) {
          samples.values.add(value);
          samples.cpuSeconds.add(samples.subject.cpuSeconds() - cpuBefore);
        }
      }
    }
    addLines(workload, all.getFirst(), all.subList(1, all.size()));
  }

  private double measureOnce(Workload workload, MountedSubject subject) throws IOException {
    run++;
    workload.body().prepare(served, run);
    try {
      dropCaches();
      return workload.body().run(subject.mountPoint(), run);
    } finally {
      workload.body().clean(served, run);
    }
  }

  /** The server's files are on tmpfs and stay; what the mounts' page caches hold goes. */
  private static void dropCaches() throws IOException {
    Command.of("sync").run().orThrow();
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
  }

  private void progress(Workload workload, MountedSubject subject, int round, double value) {
    System.out.printf(
        Locale.ROOT,
        "%s at %d ms, %s, %s: %.2f %s%n",
        workload.metric().name(),
        rttMillis,
        subject.subject().name(),
        round < 0 ? "warm-up" : "round " + (round + 1) + " of " + ROUNDS,
        value,
        workload.metric().unit());
  }

  private void addLines(Workload workload, Samples theirs, List<Samples> all) {
    double gibibytes = workload.gibibytes();
    for (Samples ours : all) {
      lines.add(line(workload.metric(), ours.subject, ours.values, theirs.values));
      if (gibibytes > 0) {
        Metric cpu =
            new Metric(
                workload.metric().name() + ", client CPU", "s/GiB", Metric.Better.LOWER, true);
        lines.add(
            line(
                cpu,
                ours.subject,
                divided(ours.cpuSeconds, gibibytes),
                divided(theirs.cpuSeconds, gibibytes)));
      }
    }
  }

  private static List<Double> divided(List<Double> values, double by) {
    return values.stream().map(v -> v / by).toList();
  }

  private Line line(Metric metric, MountedSubject ours, List<Double> values, List<Double> peer) {
    String binding = ((Subject.Mooring) ours.subject()).binding();
    return Line.of(metric, rttMillis, binding, "defaults, Ciphers=" + CIPHER, values, peer);
  }

  private void addMemory() {
    Metric memory = new Metric("resident memory at the end", "MB", Metric.Better.LOWER, false);
    List<Double> theirs = List.of(subjects.getFirst().residentMegabytes());
    for (MountedSubject subject : subjects.subList(1, subjects.size())) {
      lines.add(line(memory, subject, List.of(subject.residentMegabytes()), theirs));
    }
  }
}
