package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory of our own on tmpfs, so that dropping the kernel's caches leaves what the
 * server serves in memory. Closing it unmounts whatever is mounted below and removes it.
 */
public final class Workspace implements AutoCloseable {
  private final Path directory;

  /** Makes and mounts it; needs root. */
  public Workspace(String name) {
    try {
      directory = Files.createTempDirectory("mooring-" + name + "-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.of("mount", "-t", "tmpfs", "-o", "mode=755", "mooring-harness", directory.toString())
        .run()
        .orThrow();
    Command.of("mount", "--make-private", directory.toString()).run().orThrow();
  }

  /** The directory. */
  public Path directory() {
    return directory;
  }

  /** Makes a directory in it. */
  public Path mkdir(String name) {
    try {
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mount points at or below a directory, the deepest first, as mountinfo has them. */
  public static List<Path> mountsBelow(Path directory) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> Path.of(line.split(" ", -1)[4].replace("\\040", " ")))
          .filter(path -> path.startsWith(directory))
          .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Path mount : mountsBelow(directory)) {
      Command.of("umount", "-l", mount.toString()).run().orThrow();
    }
    try {
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
