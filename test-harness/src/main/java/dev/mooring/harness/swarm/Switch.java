package dev.mooring.harness.swarm;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The network between the nodes: a bridge in a name space of its own, a cable to each node. */
public final class Switch {
  private final Process holder;

  Switch() {
    try {
      holder = new ProcessBuilder("unshare", "--net", "sleep", "infinity").start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Patience.until(
        "the switch has its name space",
        Duration.ofSeconds(10),
        () -> !network("self").equals(network(Long.toString(holder.pid()))));
    ip("link add br0 type bridge stp_state 0 forward_delay 0");
    ip("link set br0 up");
  }

  private static Path network(String process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", process, "ns/net"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lays a cable to a node and gives it its address, always with the same card, so that others find
   * it again at once.
   */
  void plug(Node node) {
    Command.of(
            "sh",
            "-c",
            """
            set -e
            # A machine that was switched off can keep its end for a while, for what it has not sent.
            nsenter -t %2$d -n ip link del v-%1$s 2>/dev/null || true
            ip link add name v-%1$s netns %2$d type veth peer name eth0 netns %3$d
            nsenter -t %2$d -n ip link set v-%1$s master br0 up
            nsenter -t %3$d -n ip link set eth0 address 02:00:0a:4d:00:0%4$s
            nsenter -t %3$d -n ip addr add %5$s/24 dev eth0
            nsenter -t %3$d -n ip link set eth0 up
            """
                .formatted(
                    node.name(),
                    holder.pid(),
                    node.pid(),
                    node.name().substring(1),
                    node.address()))
        .run()
        .orThrow();
  }

  /** Takes a node's cable away: nothing that its kernel still sends reaches anybody. */
  void unplug(Node node) {
    ip("link del v-" + node.name());
  }

  /** Cuts a node off, or connects it again; it keeps its address and sees nothing of it. */
  public void connected(Node node, boolean connected) {
    ip("link set v-" + node.name() + (connected ? " up" : " down"));
  }

  private void ip(String words) {
    Command.of("sh", "-c", "nsenter -t " + holder.pid() + " -n ip " + words).run().orThrow();
  }
}
