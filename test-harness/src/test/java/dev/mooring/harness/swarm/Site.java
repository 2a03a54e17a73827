package dev.mooring.harness.swarm;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** The cluster of the run, with the plugin on each node as the operator's one command leaves it. */
final class Site {
  static final String PLUGIN = "mooring/sshfs";

  /** Keys and known_hosts, on the operator's machine. */
  static final String KEYS = "/root/keys";

  private static final Site SITE = new Site();

  private final AtomicInteger names = new AtomicInteger();
  private final Cluster cluster = new Cluster(Path.of(".."));

  /** The one of this run, set up by the first test. */
  static Site get() {
    return SITE;
  }

  private Site() {
    operator("examples/swarm/keys.sh").run().orThrow();
    server().authorize(cluster.node(1).sh("cat " + KEYS + "/id_ed25519.pub"));
    cluster.times().forEach(Site::figure);
    long start = System.nanoTime();
    operator("examples/swarm/install.sh").run().orThrow();
    figure("the plugin on three nodes", Duration.ofNanos(System.nanoTime() - start));
    cluster.nodes().forEach(node -> figure("memory of idle " + node.name(), megabytes(node)));
  }

  /** A script that the operator runs in the repository, with what docs/SWARM.md has set. */
  Command operator(String script) {
    return cluster
        .operator(script)
        .with("SERVER", cluster.node(3).address())
        .with("PORT", Integer.toString(FileServer.PORT))
        .with("ACCOUNT", FileServer.USER)
        .with("KEYS", KEYS)
        .with("NODES", "root@n1 root@n2 root@n3")
        .with("WRITER", "n3")
        .with("IMAGE", Cluster.IMAGE);
  }

  /** Prints a figure that the run ends with. */
  static void figure(String what, Duration time) {
    figure(what, String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0));
  }

  /** Prints a figure that the run ends with. */
  static void figure(String what, String value) {
    System.out.println("figure: " + what + ": " + value);
  }

  static String megabytes(Node node) {
    return node.memory() / (1 << 20) + " MB";
  }

  Cluster cluster() {
    return cluster;
  }

  Docker manager() {
    return cluster.manager();
  }

  List<Node> nodes() {
    return cluster.nodes();
  }

  FileServer server() {
    return cluster.fileServer();
  }

  /** A name that nothing has yet. */
  String name(String prefix) {
    return prefix + names.incrementAndGet();
  }

  /** A new empty directory on the server that belongs to the account. */
  Path remoteDirectory() {
    return server().mkdir(name("data"));
  }
}
