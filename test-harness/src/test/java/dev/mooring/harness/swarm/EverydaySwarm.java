package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster's everyday life. */
final class EverydaySwarm {
  private static final String EXAMPLE = "../examples/stack.yml";

  private final Site site = Site.get();

  @Test
  void everyNodeSeesWhatEveryOtherWrites() {
    Path directory = site.remoteDirectory();
    try (Stack stack = new Stack(site, EXAMPLE).on(directory)) {
      long start = System.nanoTime();
      stack.deploy();
      for (Node node : site.nodes()) {
        stack.await(
            "the agent of " + node.name() + " reads the report",
            () ->
                !stack.containers(node, "agent").isEmpty()
                    && stack.exec(node, "agent", "test -s /data/report").exit() == 0);
      }
      Site.figure(
          "from stack deploy to a read on all nodes", Duration.ofNanos(System.nanoTime() - start));
      stack.await("5 tasks have signed", () -> hosts(directory).size() == 5);

      assertThat(hosts(directory))
          .containsExactlyInAnyOrder("n1", "n2", "n3", "reader-1", "reader-2");
      for (Node node : site.nodes()) {
        assertThat(stack.exec(node, "agent", "sort /data/hosts").orThrow().output())
            .isEqualTo("n1\nn2\nn3\nreader-1\nreader-2\n");
        Site.figure("memory of " + node.name() + " with the example", Site.megabytes(node));
      }
    }
  }

  private List<String> hosts(Path directory) {
    try {
      Path file = site.server().seenFromOutside(directory.resolve("hosts"));
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test
  void aRollingUpdateAndADrainedNodeDisturbNobodyElse() {
    try (ProbeStack probes = new ProbeStack(site)) {
      site.manager().out("service", "update", "--force", "-q", probes.stack().service("every"));
      probes.awaitFine(5);

      site.manager().out("node", "update", "--availability", "drain", "n2");
      Node drained = site.cluster().node(2);
      probes.stack().await("n2 is empty", () -> drained.docker().out("ps", "-q").isEmpty());
      probes.awaitFine(4);
      probes
          .stack()
          .await("n2 has no mount", () -> drained.sh("cat /proc/mounts").indexOf("fuse.") < 0);
      site.manager().out("node", "update", "--availability", "active", "n2");
      probes.awaitFine(5);

      assertThat(probes.probes().since(probes.start())).allMatch(Probes.Step::ok);
      probes.assertNothingWrong();
    }
  }

  @Test
  void changedOptionsActWhenTheVolumeIsRemovedFromEveryNode() {
    Path directory = site.remoteDirectory();
    try (Stack stack = new Stack(site, Stack.EVERYWHERE)) {
      stack.on(directory).with("OWNER", "1001").deploy().awaitRunning("every", 3);
      assertThat(owners(stack)).containsOnly("1001");

      stack.remove();
      stack.with("OWNER", "1002").deploy().awaitRunning("every", 3);
      assertThat(owners(stack)).containsOnly("1001");

      stack.remove();
      stack.removeVolumes();
      stack.deploy().awaitRunning("every", 3);
      assertThat(owners(stack)).containsOnly("1002");
    }
  }

  private List<String> owners(Stack stack) {
    return site.nodes().stream()
        .map(node -> stack.exec(node, "every", "stat -c %u /data").orThrow().output().strip())
        .toList();
  }

  @Test
  void theDriverMayBeNamedWithAndWithoutItsTag() {
    Path directory = site.remoteDirectory();
    try (Stack stack = new Stack(site, Stack.EVERYWHERE)) {
      stack.on(directory).with("DRIVER", "mooring/sshfs").deploy().awaitRunning("every", 3);
      stack.remove();
      stack.with("DRIVER", "mooring/sshfs:latest").deploy().awaitRunning("every", 3);

      assertThat(owners(stack)).containsOnly("999");
    }
  }

  @Test
  void everyNodeVerifiesTheSameHostKey() {
    Path directory = site.remoteDirectory();
    try (Stack stack = new Stack(site, Stack.EVERYWHERE)) {
      String other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
      stack.on(directory).with("OWNER", "999,host_key=" + other).deploy();
      for (Node node : site.nodes()) {
        stack.await(
            node.name() + " refuses",
            () -> stack.tasks().lines().anyMatch(line -> refuses(node, line)));
      }
      assertThat(site.server().seenFromOutside(directory)).isEmptyDirectory();

      stack.remove();
      stack.removeVolumes();
      stack.with("OWNER", "999,host_key=" + site.server().fingerprint());
      stack.deploy().awaitRunning("every", 3);
      for (Node node : site.nodes()) {
        assertThat(stack.status(node, "fingerprint")).isEqualTo(site.server().fingerprint());
      }
    }
  }

  private static boolean refuses(Node node, String line) {
    return line.contains(" " + node.name() + " ") && line.contains("host key");
  }

  @Test
  void aNodeGetsItsTaskWhenItHasThePlugin() {
    Path directory = site.remoteDirectory();
    Node lacking = site.cluster().node(2);
    lacking.docker().out("plugin", "disable", "-f", Site.PLUGIN);
    try (Stack stack = new Stack(site, EXAMPLE).on(directory)) {
      stack.deploy().awaitRunning("agent", 2);
      assertThat(stack.containers(lacking, "agent")).isEmpty();
      stack.await("the tasks say why", () -> stack.tasks().contains("plugin"));

      lacking.docker().out("plugin", "rm", Site.PLUGIN);
      Command.Outcome again = site.operator("examples/swarm/install.sh").run().orThrow();

      assertThat(again.output())
          .contains("root@n1: mooring/sshfs:latest was there", "root@n2: done");
      stack.awaitRunning("agent", 3);
    }
  }
}
