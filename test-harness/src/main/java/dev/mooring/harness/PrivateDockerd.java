package dev.mooring.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dockerd of our own beside any other on the machine: own data, own socket, own containerd, no
 * networks and no packet filter. What it leaves in memory and mounts is removed when it is closed.
 */
public final class PrivateDockerd implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final Path directory;
  private final List<String> extraArguments;
  private @Nullable Process process;

  /**
   * Starts it and returns when it answers.
   *
   * @param directory on a mount of its own that nothing is propagated from, short enough for socket
   *     paths (108 bytes)
   */
  public PrivateDockerd(Path directory, String... extraArguments) {
    this.directory = directory;
    this.extraArguments = List.of(extraArguments);
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("daemon.json"), "{}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  /** A client of it. */
  public Docker client() {
    return new Docker("unix://" + directory.resolve("docker.sock"));
  }

  /** Its log. */
  public Path log() {
    return directory.resolve("dockerd.log");
  }

  /** The process id of the daemon. */
  public long pid() {
    return running().pid();
  }

  /**
   * The process of the one plugin that is enabled.
   *
   * @throws IllegalStateException when there is none
   */
  public ProcessHandle plugin() {
    return findPlugin()
        .orElseThrow(() -> new IllegalStateException("no plugin runs, see " + log()));
  }

  private Optional<ProcessHandle> findPlugin() {
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.parent().filter(this::isOurs).isPresent())
        .filter(handle -> commandLine(handle).contains("/opt/mooring/"))
        .findFirst();
  }

  /** Returns when a plugin runs again. */
  public void awaitPlugin() {
    Patience.until("the plugin runs, see " + log(), START, () -> findPlugin().isPresent());
  }

  /** Kills the plugin, which dockerd then starts again, and returns when it is dead. */
  public void killPlugin() {
    end(plugin());
  }

  /** Whether containers and plugins go on while there is no daemon; takes effect at once. */
  public void liveRestore(boolean on) {
    try {
      Files.writeString(directory.resolve("daemon.json"), "{\"live-restore\": " + on + "}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.of("kill", "-HUP", Long.toString(pid())).run().orThrow();
    Patience.until(
        "dockerd reads its configuration, see " + log(),
        START,
        () -> client().out("info", "-f", "{{ .LiveRestoreEnabled }}").equals(Boolean.toString(on)));
  }

  /** Starts it again after {@link #stop} or {@link #kill}. */
  public void start() {
    String name = "mooring-" + directory.getFileName() + "-" + ProcessHandle.current().pid();
    List<String> words =
        Stream.concat(
                Stream.of(
                    "dockerd",
                    "--host=unix://" + directory.resolve("docker.sock"),
                    "--data-root=" + directory.resolve("data"),
                    "--exec-root=" + directory.resolve("exec"),
                    "--pidfile=" + directory.resolve("dockerd.pid"),
                    "--config-file=" + directory.resolve("daemon.json"),
                    "--containerd-namespace=" + name,
                    "--containerd-plugins-namespace=" + name + "-plugins",
                    "--storage-driver=overlay2",
                    "--bridge=none",
                    "--iptables=false",
                    "--ip6tables=false",
                    "--ip-masq=false",
                    "--ip-forward=false",
                    "--userland-proxy=false",
                    "--shutdown-timeout=5"),
                extraArguments.stream())
            .toList();
    try {
      process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Patience.until("dockerd answers, see " + log(), START, this::answers);
  }

  private boolean answers() {
    if (!running().isAlive()) {
      throw new IllegalStateException("dockerd ended, see " + log());
    }
    return client().run("version").exit() == 0;
  }

  /** Ends it as a service manager does, and waits for its end. */
  public void stop() {
    running().destroy();
    awaitEnd();
  }

  /**
   * Kills the daemon, and its containerd, which the kernel would kill a moment later (it asks to
   * die with its parent). Containers and plugins live on.
   */
  public void kill() {
    List<ProcessHandle> children = running().children().toList();
    running().destroyForcibly();
    awaitEnd();
    children.forEach(PrivateDockerd::end);
  }

  private static void end(ProcessHandle handle) {
    handle.destroyForcibly();
    handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private void awaitEnd() {
    try {
      if (!running().waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("dockerd does not end, see " + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("dockerd was not started");
    }
    return process;
  }

  /** Removes all containers, stops the daemon, and ends what is left of its containerd. */
  @Override
  public void close() {
    if (running().isAlive()) {
      Docker docker = client();
      List<String> containers = docker.run("ps", "-aq").output().lines().toList();
      if (!containers.isEmpty()) {
        docker.run(
            Stream.concat(Stream.of("rm", "-f", "-v"), containers.stream()).toArray(String[]::new));
      }
      stop();
    }
    ProcessHandle.allProcesses().filter(this::isOurs).forEach(PrivateDockerd::end);
  }

  /** Shims and containerd have our exec root on their command line. */
  private boolean isOurs(ProcessHandle handle) {
    return commandLine(handle).contains(directory.resolve("exec").toString());
  }

  private static String commandLine(ProcessHandle handle) {
    return handle.info().commandLine().orElse("");
  }
}
