package dev.mooring.harness.swarm;

import java.io.IOException;
import java.nio.file.Path;

/** Brings a cluster up for somebody at a terminal, and ends it at the end of the input. */
public final class TryOut {
  private TryOut() {}

  /** The repository is the argument. */
  public static void main(String[] arguments) throws IOException {
    Cluster cluster = new Cluster(Path.of(arguments[0]));
    cluster
        .times()
        .forEach((what, time) -> System.out.println(what + ": " + time.toMillis() + " ms"));
    cluster.nodes().forEach(node -> System.out.println(node.docker().host()));
    System.out.println("up");
    System.in.transferTo(System.out);
  }
}
