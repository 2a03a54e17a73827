package dev.mooring;

import dev.mooring.docker.PluginServer;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.MountTable;
import dev.mooring.mount.Doctor;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountRoot;
import dev.mooring.mount.Mounter;
import dev.mooring.mount.VolumeMount;
import dev.mooring.volume.JsonStateStore;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import dev.mooring.volume.VolumeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mooring serve}: the Docker plugin, until SIGTERM. */
@Command(
    name = "serve",
    description = "Serves Docker's volume plugin protocol on a Unix socket.",
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Serve.class);
  private static final Path AGENTS = Path.of("/run/agent");
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Mounter mounter;
  private final Supplier<Doctor> doctor;
  private final SystemPace pace;

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      defaultValue = "/run/docker/plugins/mooring.sock",
      description = "Where dockerd asks (${DEFAULT-VALUE}).")
  private Path socket = Path.of("");

  @Option(
      names = "--root",
      paramLabel = "DIRECTORY",
      defaultValue = "/mnt/volumes",
      description = "Below which volumes are mounted (${DEFAULT-VALUE}).")
  private Path root = Path.of("");

  @Option(
      names = "--staging",
      paramLabel = "DIRECTORY",
      defaultValue = "/run/mooring/staging",
      description = "Where mounts are made before they are shown (${DEFAULT-VALUE}).")
  private Path staging = Path.of("");

  @Option(
      names = "--state",
      paramLabel = "DIRECTORY",
      defaultValue = "/state",
      description = {
        "Where volumes and host keys are remembered (${DEFAULT-VALUE});",
        "where that is not there, .state below the root."
      })
  private Path state = Path.of("");

  @Option(
      names = "--keys",
      paramLabel = "DIRECTORY",
      defaultValue = "/root/.ssh",
      description = "Private keys, known_hosts and password files (${DEFAULT-VALUE}).")
  private Path keys = Path.of("");

  @Option(
      names = "--standalone",
      description = {
        "Not as a managed plugin: mounts need not propagate to containers,",
        "and loopback may be the only network."
      })
  private boolean standalone;

  Serve(Mounter mounter, Supplier<Doctor> doctor, SystemPace pace) {
    this.mounter = mounter;
    this.doctor = doctor;
    this.pace = pace;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PluginSettings settings = PluginSettings.of(System.getenv());
    Logs.toConsole(settings.logLevel());
    // dockerd disables a plugin that does not listen in time, so this comes before all else.
    PluginServer server = PluginServer.bind(socket);
    VolumeRegistry registry = registry(settings);
    Thread end = Thread.ofPlatform().name("mooring-end").unstarted(() -> end(server, registry));
    Runtime.getRuntime().addShutdownHook(end);
    server.serve(registry);
    log.info("serving {} volumes at {}", registry.size(), socket);
    new CountDownLatch(1).await();
    return 0;
  }

  private void end(PluginServer server, VolumeRegistry registry) {
    server.close();
    registry.close();
    pace.close();
    log.info("ended");
    Logs.flush();
  }

  private VolumeRegistry registry(PluginSettings settings) throws IOException {
    settings.warnings().forEach(log::warn);
    MountRoot places = new MountRoot(root, staging, standalone);
    for (MountFailure obstacle : places.obstacles()) {
      log.error("nothing can be mounted: {}", obstacle.getMessage());
    }
    Path remembered = stateDirectory();
    OptionParser parser =
        new OptionParser(
            OptionContext.plugin(keys, AGENTS, remembered.resolve("known_hosts"))
                .with(settings.policy()));
    VolumeMount.Times usual = VolumeMount.Times.DEFAULT;
    VolumeMount.Times times =
        new VolumeMount.Times(usual.mount(), settings.linger(), usual.unmount());
    VolumeRegistry registry =
        new VolumeRegistry(
            new JsonStateStore(remembered),
            parser::parse,
            mounter,
            spec -> doctor.get().examineServer(spec, _ -> {}),
            (name, directory, opening) ->
                new VolumeMount(name, places.place(directory), opening, times, pace),
            () -> Instant.ofEpochSecond(pace.epochSeconds()),
            identity());
    places.detachLeftovers(registry.takeOver());
    return registry;
  }

  /**
   * A directory of the host that was set, or one beside the volumes, which lives as long as the
   * plugin is installed. As long as nothing is set, config.json binds an empty directory of /proc.
   */
  private Path stateDirectory() throws IOException {
    boolean unset =
        !Files.isDirectory(state)
            || MountTable.read()
                .topAt(state.toAbsolutePath())
                .filter(mount -> mount.type().equals("proc"))
                .isPresent();
    return unset ? root.resolve(".state") : state;
  }

  private static VolumeRegistry.Identity identity() throws IOException {
    String version = Serve.class.getPackage().getImplementationVersion();
    return new VolumeRegistry.Identity(
        version == null ? "development" : version,
        Files.readString(BOOT_ID).strip(),
        UUID.randomUUID().toString());
  }
}
