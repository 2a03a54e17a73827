package dev.mooring.harness.e2e;

import dev.mooring.harness.Command;
import dev.mooring.harness.Docker;
import dev.mooring.harness.PrivateDockerd;
import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.ServerAccount;
import dev.mooring.harness.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A file server and a Docker host that has the plugin enabled, as an operator would have set them
 * up: the key directory through {@code sshkey.source}, an SFTP account that is not root.
 */
final class Stage implements AutoCloseable {
  static final String PLUGIN = "mooring/sshfs";
  static final String IMAGE = "bb:test";

  /** What {@code make plugin} left. */
  static final Path PLUGIN_DIRECTORY =
      Path.of(System.getProperty("mooring.plugin", "../target/plugin")).toAbsolutePath();

  /** The binding that volumes are served with unless a scenario says otherwise. */
  static final String BINDING = System.getProperty("mooring.fuse", "kernel");

  private final AtomicInteger names = new AtomicInteger();
  private final Deque<Runnable> closers = new ConcurrentLinkedDeque<>();
  private final Workspace workspace;
  private final ServerAccount account;
  private final PrivateSshd sshd;
  private final PrivateDockerd dockerd;
  private final Docker docker;
  private final Path keys;
  private final Duration enableTime;

  Stage() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    workspace = new Workspace("e2e");
    closers.push(workspace::close);
    account = new ServerAccount(workspace.mkdir("home"));
    closers.push(account::close);
    sshd = new PrivateSshd(workspace.mkdir("sshd"));
    closers.push(sshd::close);
    keys = workspace.mkdir("keys");
    copyKey();
    dockerd = new PrivateDockerd(workspace.directory().resolve("d"));
    closers.push(dockerd::close);
    docker = dockerd.client();
    docker.importBusybox(IMAGE, workspace.mkdir("image"));
    createPlugin(PLUGIN);
    long start = System.nanoTime();
    docker.out("plugin", "enable", PLUGIN);
    enableTime = Duration.ofNanos(System.nanoTime() - start);
  }

  private void copyKey() {
    try {
      Files.copy(sshd.key(), keys.resolve("id_ed25519"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates the plugin under a name, with the key directory set, not enabled. */
  void createPlugin(String name) {
    docker
        .command("plugin", "create", name, PLUGIN_DIRECTORY.toString())
        .within(Duration.ofMinutes(3))
        .run()
        .orThrow();
    docker.out("plugin", "set", name, "sshkey.source=" + keys, "DEFAULT_OPTIONS=fuse=" + BINDING);
  }

  Docker docker() {
    return docker;
  }

  PrivateDockerd dockerd() {
    return dockerd;
  }

  PrivateSshd sshd() {
    return sshd;
  }

  ServerAccount account() {
    return account;
  }

  Path keys() {
    return keys;
  }

  Workspace workspace() {
    return workspace;
  }

  /** How long {@code docker plugin enable} took. */
  Duration enableTime() {
    return enableTime;
  }

  /** A name that nothing has yet. */
  String name(String prefix) {
    return prefix + "-" + names.incrementAndGet();
  }

  /** A new empty directory on the server that belongs to the account. */
  Path remoteDirectory() {
    return account.mkdir(name("data"));
  }

  /** What {@code sshcmd} names a directory of the server. */
  String source(Path remote) {
    return account.name() + "@127.0.0.1:" + remote;
  }

  /** Creates a volume on a directory of the server, with the port and further options. */
  String createVolume(Path remote, String... options) {
    String name = name("vol");
    volumeCreate(name, "sshcmd=" + source(remote), options).run().orThrow();
    return name;
  }

  /** The command that creates a volume with these options. */
  Command volumeCreate(String name, String source, String... options) {
    return volumeCreate(sshd.port(), name, source, options);
  }

  /** As {@link #volumeCreate(String, String, String...)}, with another port. */
  Command volumeCreate(int port, String name, String source, String... options) {
    return docker.command(
        Stream.of(
                Stream.of("volume", "create", "-d", PLUGIN, "-o", source),
                Stream.of("-o", "port=" + port),
                Stream.of(options).flatMap(option -> Stream.of("-o", option)),
                Stream.of(name))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  /** Runs a script in a new container that has {@code mount} ({@code volume:/path[:nocopy]}). */
  Command.Outcome run(String mount, String script) {
    return run(IMAGE, mount, script);
  }

  /** As {@link #run(String, String)}, in a container of an image. */
  Command.Outcome run(String image, String mount, String script) {
    return docker.run("run", "--rm", "--network", "none", "-v", mount, image, "sh", "-c", script);
  }

  /** Starts a container that has {@code mount} and stays until it is removed. */
  String start(String mount, String... options) {
    return startScript(mount, "trap exit TERM; while :; do sleep 1 & wait; done", options);
  }

  /** As {@link #start}, with a script of its own. */
  String startScript(String mount, String script, String... options) {
    String name = name("box");
    docker.out(
        Stream.of(
                Stream.of("run", "-d", "--init=false", "--network", "none", "--name", name),
                Stream.of("-v", mount),
                Stream.of(options),
                Stream.of(IMAGE, "sh", "-c", script))
            .flatMap(words -> words)
            .toArray(String[]::new));
    return name;
  }

  /** Runs a script in a running container. */
  Command.Outcome exec(String container, String script) {
    return docker.run("exec", container, "sh", "-c", script);
  }

  /** Changes a setting of the plugin, which is disabled for as long as that takes. */
  void set(String setting) {
    docker.out("plugin", "disable", "-f", PLUGIN);
    docker.out("plugin", "set", PLUGIN, setting);
    docker.out("plugin", "enable", PLUGIN);
  }

  /** Where dockerd keeps its plugins, and through which containers see their volumes. */
  Path plugins() {
    return workspace.directory().resolve("d/data/plugins");
  }

  /** Files of a name below the plugins' propagated mounts that are not on a mount. */
  String strayFiles(String name) {
    return Command.of(
            "find", plugins().toString(), "-xdev", "-path", "*/propagated-mount/*", "-name", name)
        .run()
        .output();
  }

  /** The lines of dockerd's log that came from the plugin. */
  String pluginLog() {
    try (Stream<String> lines = Files.lines(dockerd.log())) {
      return String.join("\n", lines.filter(line -> line.contains("plugin=")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes everything down, the last first; also when the set-up failed half-way. */
  @Override
  public void close() {
    for (Runnable closer = closers.poll(); closer != null; closer = closers.poll()) {
      closer.run();
    }
  }
}
