package dev.mooring.harness.swarm;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import dev.mooring.harness.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A stack on the cluster, from a file, with one volume named {@code files}. */
final class Stack implements AutoCloseable {
  /** A task on each node that shows the volume's owner. */
  static final String EVERYWHERE = ProbeStack.RESOURCES + "/everywhere.yml";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Site site;
  private final Path file;
  private final String name;
  private final Map<String, String> variables = new HashMap<>();

  Stack(Site site, String file) {
    this.site = site;
    this.file = Path.of(file);
    this.name = site.name("stack");
    variables.put("IMAGE", Cluster.IMAGE);
    variables.put("SFTP_PORT", Integer.toString(FileServer.PORT));
  }

  /** The same stack with a variable of its file set. */
  Stack with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /** The same stack on a directory of the server. */
  Stack on(Path directory) {
    return with("SFTP_SOURCE", site.server().source(directory));
  }

  /** Deploys it, without waiting for its tasks. */
  Stack deploy() {
    Command deploy =
        site.manager()
            .command(
                "stack",
                "deploy",
                "--detach=true",
                "--resolve-image=never",
                "-c",
                file.toString(),
                name);
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      deploy = deploy.with(variable.getKey(), variable.getValue());
    }
    deploy.run().orThrow();
    return this;
  }

  /** What Swarm calls a service of this stack. */
  String service(String service) {
    return name + "_" + service;
  }

  /** What dockerd calls its volume on each node. */
  String volume() {
    return name + "_files";
  }

  /** The running containers of a service on a node. */
  List<String> containers(Node node, String service) {
    return node.docker()
        .out("ps", "-q", "--filter", "label=com.docker.swarm.service.name=" + service(service))
        .lines()
        .toList();
  }

  /** Waits until a service has as many running containers in the cluster. */
  void awaitRunning(String service, int count) {
    await(count + " tasks of " + service + " run", () -> running(service) == count);
  }

  /** Waits for a condition; without it the failure says how the tasks are. */
  void await(String what, BooleanSupplier condition) {
    try {
      Patience.until(what, LIMIT, condition);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + tasks(), e);
    }
  }

  private int running(String service) {
    return site.nodes().stream().mapToInt(node -> containers(node, service).size()).sum();
  }

  /** What {@code docker stack ps} says, a line for each task with its error. */
  String tasks() {
    return site.manager()
        .run(
            "stack",
            "ps",
            "--no-trunc",
            "--format={{.Name}} {{.Node}} {{.DesiredState}} {{.CurrentState}} {{.Error}}",
            name)
        .output();
  }

  /** Runs a script in the container of a service on a node. */
  Command.Outcome exec(Node node, String service, String script) {
    String container = containers(node, service).getFirst();
    return node.docker().run("exec", container, "sh", "-c", script);
  }

  /** A field of a volume's Status on a node. */
  String status(Node node, String key) {
    return node.docker()
        .out("volume", "inspect", "-f", "{{ index .Status \"" + key + "\" }}", volume());
  }

  /** Removes the stack; its volumes stay, as with any stack. */
  void remove() {
    site.manager().out("stack", "rm", name);
    Patience.until(
        "containers of " + name + " are gone",
        LIMIT,
        () -> site.nodes().stream().allMatch(node -> left(node).isEmpty()));
  }

  private String left(Node node) {
    return node.docker().out("ps", "-aq", "--filter", "label=com.docker.stack.namespace=" + name);
  }

  /** Removes its volume from every node that has it; nothing may hinder that. */
  void removeVolumes() {
    for (Node node : site.nodes()) {
      Docker docker = node.docker();
      if (docker.out("volume", "ls", "-q").lines().anyMatch(volume()::equals)) {
        docker.out("volume", "rm", volume());
      }
    }
  }

  @Override
  public void close() {
    remove();
    removeVolumes();
  }
}
