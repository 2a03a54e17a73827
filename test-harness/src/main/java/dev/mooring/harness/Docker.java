package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** The docker command line, pointed at one daemon. */
public record Docker(String host) {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Runs {@code docker WORDS}, whatever comes of it. */
  public Command.Outcome run(String... words) {
    return command(words).run();
  }

  /** Runs {@code docker WORDS}, which must succeed, and answers its output without white space. */
  public String out(String... words) {
    return command(words).run().orThrow().output().strip();
  }

  /** The command {@code docker WORDS}, not yet run. */
  public Command command(String... words) {
    return new Command(
        Stream.concat(Stream.of("docker"), Stream.of(words)).toList(),
        Map.of("DOCKER_HOST", host),
        LIMIT);
  }

  /**
   * Makes an image of static busybox with a link for each of its programs.
   *
   * @param root where the image's files are laid out; what is there already becomes part of it
   * @param changes Dockerfile instructions, such as {@code WORKDIR /data}
   */
  public void importBusybox(String name, Path root, String... changes) {
    try {
      Path bin = Files.createDirectories(root.resolve("bin"));
      Files.createDirectories(root.resolve("tmp"));
      if (!Files.exists(bin.resolve("busybox"))) {
        // By a process of its own: a child that another thread forks in the middle of a copy of
        // ours
        // keeps the file open for writing, and it cannot be run (ETXTBSY).
        Command.of("cp", "/bin/busybox", bin.toString()).run().orThrow();
        Command.of("chroot", root.toString(), "/bin/busybox", "--install", "-s", "/bin")
            .run()
            .orThrow();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String options =
        Stream.concat(Stream.of("ENV PATH=/bin"), Stream.of(changes))
            .map(change -> "-c '" + change + "' ")
            .reduce("", String::concat);
    Command.of("sh", "-c", "tar -C " + root + " -c . | docker import " + options + "- " + name)
        .with("DOCKER_HOST", host)
        .within(LIMIT)
        .run()
        .orThrow();
  }
}
