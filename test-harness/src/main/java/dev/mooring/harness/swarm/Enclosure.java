package dev.mooring.harness.swarm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code test-harness/enclosed} gives to the program that it runs, and takes away with it.
 *
 * @param home a directory in memory
 * @param controlGroup the name of a control group in each hierarchy
 */
record Enclosure(Path home, String controlGroup) {

  /** The one that this process runs in. */
  static Enclosure current() {
    String home = System.getenv("MOORING_ENCLOSURE");
    String group = System.getenv("MOORING_CONTROL_GROUP");
    if (home == null || group == null) {
      throw new IllegalStateException(
          "nodes leave nothing behind only in an enclosure; run this by test-harness/enclosed");
    }
    return new Enclosure(Path.of(home), group);
  }

  /** A control group for a node, made in each hierarchy. */
  List<Path> makeGroups(String node) {
    return hierarchies().map(hierarchy -> makeGroup(hierarchy, node)).toList();
  }

  private Path makeGroup(Path hierarchy, String node) {
    try {
      return Files.createDirectories(hierarchy.resolve(controlGroup).resolve(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> hierarchies() {
    try {
      List<String[]> mounts =
          Files.readAllLines(Path.of("/proc/mounts")).stream()
              .map(line -> line.split(" ", -1))
              .toList();
      if (mounts.stream().noneMatch(mount -> mount[2].equals("cgroup"))) {
        throw new IllegalStateException(
            "a node needs control groups of version 1; this machine has version 2 alone");
      }
      return mounts.stream()
          .filter(mount -> mount[2].startsWith("cgroup"))
          .map(mount -> Path.of(mount[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
