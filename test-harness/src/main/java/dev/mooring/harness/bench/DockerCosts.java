package dev.mooring.harness.bench;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import dev.mooring.harness.Patience;
import dev.mooring.harness.PrivateDockerd;
import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.ServerAccount;
import dev.mooring.harness.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the managed plugin costs in a dockerd of our own: times, memory and disk. The peer is
 * vieux/docker-volume-sshfs with the figures that were published for it, measured on another day.
 */
final class DockerCosts {
  private static final String PLUGIN = "mooring/sshfs";
  private static final String IMAGE = "bb:bench";
  private static final String PEER = "vieux/docker-volume-sshfs, published figures";
  private static final int ROUNDS = 5;
  private static final int AT_ONCE = 20;
  private static final int HEALINGS = 3;

  /** dockerd disables a plugin that dies again before it was dialled. */
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);

  /** How long an enabled plugin is left alone before its memory is called idle. */
  private static final Duration REST = Duration.ofSeconds(12);

  private final Path plugin;
  private final Workspace workspace;
  private final ServerAccount account;
  private final PrivateSshd sshd;
  private final PrivateDockerd dockerd;
  private final Docker docker;
  private final List<Line> lines = new ArrayList<>();

  private DockerCosts(
      Path plugin,
      Workspace workspace,
      ServerAccount account,
      PrivateSshd sshd,
      PrivateDockerd dockerd) {
    this.plugin = plugin;
    this.workspace = workspace;
    this.account = account;
    this.sshd = sshd;
    this.dockerd = dockerd;
    this.docker = dockerd.client();
  }

  /**
   * Measures all of it.
   *
   * @param plugin what {@code make plugin} left
   */
  static List<Line> measure(Path plugin) throws IOException {
    try (Workspace workspace = new Workspace("docker");
        ServerAccount account = new ServerAccount(workspace.mkdir("home"));
        PrivateSshd sshd = new PrivateSshd(workspace.mkdir("sshd"));
        PrivateDockerd dockerd = new PrivateDockerd(workspace.directory().resolve("d"))) {
      DockerCosts costs = new DockerCosts(plugin, workspace, account, sshd, dockerd);
      costs.install();
      costs.measureIdle();
      costs.measureManyAtOnce();
      costs.measureStarts();
      costs.measureHealing();
      costs.measureEnable();
      return costs.lines;
    }
  }

  private void install() throws IOException {
    docker.importBusybox(IMAGE, workspace.mkdir("image"));
    docker
        .command("plugin", "create", PLUGIN, plugin.toString())
        .within(Duration.ofMinutes(3))
        .run()
        .orThrow();
    Path keys = workspace.mkdir("keys");
    Files.copy(sshd.key(), keys.resolve("id_ed25519"));
    docker.out("plugin", "set", PLUGIN, "sshkey.source=" + keys);
    docker.out("plugin", "enable", PLUGIN);
    String size = Command.of("du", "-sm", plugin + "/rootfs").run().orThrow().output();
    add("root file system", "MB", 41.0, List.of(Double.parseDouble(size.split("\t", -1)[0])));
  }

  private void measureIdle() throws IOException {
    Patience.rest(REST);
    add("resident memory, idle", "MB", 4.5, List.of(residentMegabytes()));
  }

  private double residentMegabytes() throws IOException {
    Path status = Path.of("/proc/" + dockerd.plugin().pid() + "/status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** The first time is the first that anything is mounted at all after the plugin was enabled. */
  private void measureManyAtOnce() throws IOException {
    List<String> volumes =
        IntStream.range(0, AT_ONCE).mapToObj(i -> createVolume("many-" + i)).toList();
    double first = runAtOnce(i -> new String[] {"-v", volumes.get(i) + ":/d"});
    add("20 volumes and containers at once, the first time", "s", 7.0, List.of(first));
    add("resident memory, 20 volumes", "MB", 207.0, List.of(residentMegabytes()));
    double second = runAtOnce(i -> new String[] {"-v", volumes.get(i) + ":/d"});
    add("20 volumes and containers at once, later", "s", 7.0, List.of(second));
    double without = runAtOnce(i -> new String[0]);
    add("20 containers at once without volumes", "s", 3.7, List.of(without));
    volumes.forEach(volume -> docker.out("volume", "rm", volume));
  }

  private double runAtOnce(IntFunction<String[]> options) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return seconds(() ->
          IntStream.range(0, AT_ONCE)
              .mapToObj(i -> CompletableFuture.runAsync(() -> run(options.apply(i)), threads))
              .toList()
              .forEach(CompletableFuture::join));
    }
  }

  private void measureStarts() {
    String volume = createVolume("starts");
    List<Double> more = new ArrayList<>();
    for (int round = -1; round < ROUNDS; round++) {
      double without = seconds(() -> run());
      double with = seconds(() -> run("-v", volume + ":/d"));
      if (round >= 0) {
        more.add(with - without);
      }
    }
    add("container start, more on a volume", "s", 0.31, more);
    docker.out("volume", "rm", volume);
  }

  /** From the plugin's death until a container that runs can write again. */
  private void measureHealing() {
    String volume = createVolume("healing");
    String box = "healing-box";
    docker.out(
        "run",
        "-d",
        "--network=none",
        "--name=" + box,
        "-v",
        volume + ":/d",
        IMAGE,
        "sleep",
        "600");
    List<Double> times = new ArrayList<>();
    for (int round = 0; round < HEALINGS; round++) {
      Patience.rest(BETWEEN_KILLS);
      dockerd.killPlugin();
      times.add(
          seconds(() ->
              Patience.until(
                  "the container writes again",
                  Duration.ofSeconds(60),
                  () -> docker.run("exec", box, "touch", "/d/file").exit() == 0)));
    }
    add("plugin killed, until a container writes again", "s", null, times);
    docker.out("rm", "-f", box);
    docker.out("volume", "rm", volume);
  }

  private void measureEnable() {
    List<Double> times = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      docker.out("plugin", "disable", "-f", PLUGIN);
      times.add(seconds(() -> docker.out("plugin", "enable", PLUGIN)));
    }
    add("plugin enable", "s", 0.59, times);
  }

  private void run(String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--network", "none"));
    words.addAll(List.of(options));
    words.addAll(List.of(IMAGE, "true"));
    docker.out(words.toArray(String[]::new));
  }

  private String createVolume(String name) {
    String source = "sshcmd=" + account.name() + "@127.0.0.1:" + account.mkdir(name);
    String port = "port=" + sshd.port();
    return docker.out("volume", "create", "-d", PLUGIN, "-o", source, "-o", port, name);
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private void add(String name, String unit, @Nullable Double published, List<Double> ours) {
    Metric metric = new Metric(Metric.Group.DOCKER, name, unit, Metric.Better.LOWER, false);
    System.out.printf(Locale.ROOT, "%s: %s %s%n", name, ours, unit);
    lines.add(Line.published(metric, PEER, ours, published));
  }
}
