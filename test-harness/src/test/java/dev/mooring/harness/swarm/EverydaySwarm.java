package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster's everyday life with the stack of the examples. */
final class EverydaySwarm {
  private final Site site = Site.get();

  private Stack example(Path directory) {
    return new Stack(site, "../examples/stack.yml").on(directory);
  }

  @Test
  void everyNodeSeesWhatEveryOtherWrites() {
    Path directory = site.remoteDirectory();
    try (Stack stack = example(directory)) {
      long start = System.nanoTime();
      stack.deploy();
      for (Node node : site.nodes()) {
        stack.await(
            "the agent of " + node.name() + " reads the report",
            () ->
                !stack.containers(node, "agent").isEmpty()
                    && stack.exec(node, "agent", "test -s /data/report").exit() == 0);
      }
      Site.figure("from stack deploy to a read on all nodes", sinceStart(start));
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

  private static Duration sinceStart(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
