package dev.mooring.harness.swarm;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import dev.mooring.harness.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the cluster: its own processes, mounts, network, host name, users and files. Its
 * power can be cut, which ends every process at once, and switched on again with the disk it had.
 */
public final class Node {
  private static final Duration BOOT = Duration.ofSeconds(20);

  private final String name;
  private final String address;
  private final Path directory;
  private final List<Path> groups;
  private @Nullable Process machine;

  Node(Enclosure enclosure, int number) {
    name = "n" + number;
    address = "10.77.0." + number;
    directory = enclosure.home().resolve(name);
    groups = enclosure.makeGroups(name);
    Stream.of("files", "work", "root", "docker", "home", "image")
        .map(directory::resolve)
        .forEach(Node::mkdir);
  }

  private static void mkdir(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its host name: n1, n2, n3. */
  public String name() {
    return name;
  }

  /** Its address in the cluster's network. */
  public String address() {
    return address;
  }

  /** Where its disk is, seen from outside. */
  public Path directory() {
    return directory;
  }

  /**
   * Switches it on: there is nothing but its first process, and no cable.
   *
   * @param repository a directory that is also seen on it
   */
  void powerOn(Path repository) {
    try {
      Files.deleteIfExists(directory.resolve("ready"));
      machine =
          new ProcessBuilder(
                  joining(
                      "unshare",
                      "--mount",
                      "--uts",
                      "--ipc",
                      "--net",
                      "--pid",
                      "--cgroup",
                      "--fork",
                      "--kill-child",
                      "--propagation",
                      "private",
                      "sh",
                      "-c",
                      script(),
                      "node",
                      name,
                      directory.toString(),
                      repository.toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log("boot").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Patience.until(name + " is up, see " + log("boot"), BOOT, this::isUp);
  }

  private boolean isUp() {
    if (!machine().isAlive()) {
      throw new IllegalStateException(name + " did not start: " + read(log("boot")));
    }
    return Files.exists(directory.resolve("ready"));
  }

  /** Cuts its power: every process ends at once, in whatever state. */
  void powerOff() {
    try {
      machine().destroyForcibly();
      if (!machine().waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(name + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Patience.until("processes of " + name + " are gone", BOOT, this::isEmpty);
  }

  private boolean isEmpty() {
    return groups.stream().allMatch(group -> read(group.resolve("cgroup.procs")).isEmpty());
  }

  /** The process id of its first process, as this process sees it. */
  long pid() {
    return machine().children().findFirst().orElseThrow().pid();
  }

  private Process machine() {
    if (machine == null) {
      throw new IllegalStateException(name + " was not switched on");
    }
    return machine;
  }

  /** A command that runs on this machine. */
  public Command command(String... words) {
    return Command.of(joining(inside(words)));
  }

  /** Runs a script on this machine, which must succeed; answers its output without white space. */
  public String sh(String script) {
    return command("sh", "-c", script).run().orThrow().output().strip();
  }

  /** Starts a program on this machine that goes on by itself; its output goes to a log. */
  Process start(String log, String... words) {
    try {
      return new ProcessBuilder(joining(inside(words)))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log(log).toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A log of this machine. */
  public Path log(String log) {
    return directory.resolve(log + ".log");
  }

  /** This machine's dockerd. */
  public NodeDockerd dockerd() {
    return new NodeDockerd(this);
  }

  /** A client of it. */
  public Docker docker() {
    return new Docker("unix://" + socket());
  }

  /** The socket of this machine's dockerd. */
  Path socket() {
    return directory.resolve("docker.sock");
  }

  /** Bytes that the kernel accounts to its processes, their caches not counted. */
  public long memory() {
    return groups.stream()
        .map(group -> group.resolve("memory.stat"))
        .filter(Files::exists)
        .flatMap(file -> read(file).lines())
        .filter(line -> line.startsWith("total_rss "))
        .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
        .sum();
  }

  private String[] inside(String... words) {
    return Stream.concat(
            Stream.of("nsenter", "-t", Long.toString(pid()), "-m", "-u", "-i", "-n", "-p", "-C"),
            Stream.concat(Stream.of("--"), Stream.of(words)))
        .toArray(String[]::new);
  }

  /** nsenter enters the name space of control groups, but not the group. */
  private String[] joining(String... words) {
    StringBuilder script = new StringBuilder();
    groups.forEach(group -> script.append("echo $$ >").append(group).append("/cgroup.procs; "));
    return Stream.concat(Stream.of("sh", "-c", script + "exec \"$@\"", "sh"), Stream.of(words))
        .toArray(String[]::new);
  }

  private static String script() throws IOException {
    try (InputStream script = Node.class.getResourceAsStream("node.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
