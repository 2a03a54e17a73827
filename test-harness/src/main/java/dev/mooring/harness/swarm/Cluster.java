package dev.mooring.harness.swarm;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import dev.mooring.harness.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Three nodes that are one Swarm: n1 manages it, n3 is also the file server and says so by the
 * label {@code files=yes}. On n1 an operator, root, may log in to every node.
 */
public final class Cluster {
  /** An image with busybox that every node has. */
  public static final String IMAGE = "bb:test";

  private static final Duration READY = Duration.ofSeconds(30);

  private final Path repository;
  private final List<Node> nodes;
  private final Switch network;
  private final FileServer fileServer;
  private final Map<String, Duration> times = new LinkedHashMap<>();

  /** Brings it up, without the plugin. */
  public Cluster(Path repository) {
    this.repository = repository.toAbsolutePath().normalize();
    Enclosure enclosure = Enclosure.current();
    long start = System.nanoTime();
    nodes = IntStream.rangeClosed(1, 3).mapToObj(i -> new Node(enclosure, i)).toList();
    network = new Switch();
    onEach(node -> node.powerOn(this.repository));
    nodes.forEach(network::plug);
    start = lap("3 nodes and their network", start);
    onEach(node -> node.dockerd().start());
    onEach(node -> node.docker().importBusybox(IMAGE, node.directory().resolve("image")));
    fileServer = new FileServer(node(3));
    new Operator(nodes);
    start = lap("3 dockerds, image, file server", start);
    joinSwarm();
    lap("Swarm", start);
  }

  private long lap(String what, long startNanos) {
    long now = System.nanoTime();
    times.put(what, Duration.ofNanos(now - startNanos));
    return now;
  }

  /** Does something on all nodes at the same time. */
  public void onEach(Consumer<Node> action) {
    nodes.parallelStream().forEach(action);
  }

  private void joinSwarm() {
    // A node that is gone is noticed within 2 s instead of 12.
    manager()
        .out(
            "swarm",
            "init",
            "--advertise-addr=" + node(1).address(),
            "--listen-addr=" + node(1).address() + ":2377",
            "--dispatcher-heartbeat=1s");
    String token = manager().out("swarm", "join-token", "-q", "worker");
    onEach(node -> {
      if (node != node(1)) {
        node.docker()
            .out(
                "swarm",
                "join",
                "--advertise-addr=" + node.address(),
                "--listen-addr=" + node.address() + ":2377",
                "--token=" + token,
                node(1).address() + ":2377");
      }
    });
    awaitReady(1, 2, 3);
    manager().out("node", "update", "--label-add", "files=yes", "n3");
  }

  /** Waits until the manager has heard of these nodes. */
  public void awaitReady(int... numbers) {
    for (int number : numbers) {
      Patience.until("n" + number + " is ready", READY, () -> status(number).equals("ready"));
    }
  }

  /** What the manager thinks of a node: {@code ready} or {@code down}. */
  public String status(int number) {
    return manager().out("node", "inspect", "-f", "{{ .Status.State }}", "n" + number);
  }

  /** A node by its number: 1, 2 or 3. */
  public Node node(int number) {
    return nodes.get(number - 1);
  }

  /** All of them. */
  public List<Node> nodes() {
    return nodes;
  }

  /** A client of the node that manages the Swarm. */
  public Docker manager() {
    return node(1).docker();
  }

  /** The network between them. */
  public Switch network() {
    return network;
  }

  /** The file server on n3. */
  public FileServer fileServer() {
    return fileServer;
  }

  /** How long each part of bringing it up took. */
  public Map<String, Duration> times() {
    return times;
  }

  /** A command of the operator, in the repository, on n1. */
  public Command operator(String... words) {
    return node(1)
        .command("sh", "-c", "cd " + repository + " && exec " + String.join(" ", words))
        .within(Duration.ofMinutes(3));
  }

  /** Cuts a node's power, the cable first: its kernel says goodbye to nobody. */
  public void powerOff(int number) {
    network.unplug(node(number));
    node(number).powerOff();
  }

  /** Cuts a node's power while it still reaches the others, which see their connections closed. */
  public void powerOffWithGoodbye(int number) {
    node(number).powerOff();
  }

  /** Switches a node on again, with the disk that it had; the third serves files again at once. */
  public void powerOn(int number) {
    Node node = node(number);
    node.powerOn(repository);
    network.plug(node);
    Operator.letIn(node);
    if (number == 3) {
      fileServer.start();
    }
    node.dockerd().start();
  }
}
