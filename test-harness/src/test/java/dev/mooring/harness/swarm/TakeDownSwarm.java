package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import dev.mooring.harness.Patience;
import dev.mooring.harness.PrivateDockerd;
import dev.mooring.harness.Workspace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Nothing of a cluster is left, whenever it is killed, and nothing else on the machine is touched.
 */
final class TakeDownSwarm {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** From before there is anything to the time when all is up. */
  private static final List<Integer> KILLED_AFTER_MILLIS = List.of(20, 150, 900, 2000, 3500);

  @Test
  void killedAtAnyPointItLeavesNothingAndTouchesNobody() throws Exception {
    try (Workspace workspace = new Workspace("take-down");
        PrivateDockerd neighbour = new PrivateDockerd(workspace.directory().resolve("d"))) {
      Docker docker = neighbour.client();
      docker.importBusybox(Cluster.IMAGE, workspace.mkdir("image"));
      String container = docker.out("run", "-d", "--network=none", Cluster.IMAGE, "sleep", "3600");
      String before = machine();

      for (int millis : KILLED_AFTER_MILLIS) {
        assertThat(leftWhenKilledAfter(millis, workspace))
            .as("killed after %d ms", millis)
            .isEmpty();
      }
      assertThat(leftWhenUp(workspace)).isEmpty();

      assertThat(docker.out("inspect", "-f", "{{.State.Running}}", container)).isEqualTo("true");
      assertThat(machine()).isEqualTo(before);
    }
  }

  /** What a cluster must not change on the machine that it is on. */
  private static String machine() {
    return Command.of(
            "sh", "-c", "ip -o link; ip route; iptables -S; ls /run/netns; cat /proc/mounts")
        .run()
        .output();
  }

  private static Set<String> leftWhenKilledAfter(int millis, Workspace workspace) throws Exception {
    Path directory = workspace.mkdir("after" + millis);
    Process cluster = start(directory);
    cluster.waitFor(millis, TimeUnit.MILLISECONDS);
    return leftAfterKill(cluster, directory);
  }

  private static Set<String> leftWhenUp(Workspace workspace) throws Exception {
    Path directory = workspace.mkdir("up");
    Process cluster = start(directory);
    assertThat(cluster.inputReader().lines().anyMatch("up"::equals)).isTrue();
    return leftAfterKill(cluster, directory);
  }

  private static Process start(Path directory) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "./enclosed",
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            "target/classes" + File.pathSeparator + "target/jars/*",
            TryOut.class.getName(),
            "..");
    builder.environment().put("TMPDIR", directory.toString());
    return builder.redirectErrorStream(true).start();
  }

  /** What is still there when the kernel and the watcher have had time. */
  private static Set<String> leftAfterKill(Process cluster, Path directory) throws Exception {
    Set<String> names = Set.of(directory.toFile().list());
    cluster.destroyForcibly().waitFor();
    Set<String> left = new HashSet<>();
    try {
      Patience.until(
          "nothing is left",
          LIMIT,
          () -> {
            left.clear();
            left.addAll(List.of(directory.toFile().list()));
            names.forEach(name -> addControlGroups(name, left));
            addProcesses(directory, left);
            return left.isEmpty();
          });
    } catch (IllegalStateException late) {
      return left;
    }
    return Set.of();
  }

  private static void addControlGroups(String name, Set<String> left) {
    Command.of("sh", "-c", "ls -d /sys/fs/cgroup/" + name + " /sys/fs/cgroup/*/" + name)
        .run()
        .output()
        .lines()
        .forEach(left::add);
  }

  private static void addProcesses(Path directory, Set<String> left) {
    ProcessHandle.allProcesses()
        .filter(process -> environment(process).contains("TMPDIR=" + directory))
        .forEach(process -> left.add(process.info().commandLine().orElse("process")));
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
    } catch (IOException gone) {
      return "";
    }
  }
}
