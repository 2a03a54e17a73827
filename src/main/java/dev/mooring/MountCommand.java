package dev.mooring;

import dev.mooring.mount.LiveMount;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.Mounter;
import dev.mooring.volume.InvalidOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mooring mount}: one mount by one process, with the arguments of sshfs(1). */
@Command(
    name = "mount",
    description = "Mounts a directory of an SFTP server. Needs root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MountCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(MountCommand.class);

  /** How long a signal waits for a mount that is being made, which has nothing to write yet. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  @Mixin private SourceArguments what = new SourceArguments();

  @Parameters(index = "1", arity = "0..1", paramLabel = "MOUNTPOINT", description = "Where")
  private @Nullable Path mountPoint;

  @Option(names = "-f", description = "Stay in the foreground")
  private boolean foreground;

  @Option(names = "-d", description = "Stay in the foreground and log every request")
  private boolean debug;

  @Option(names = "-s", description = "Accepted for sshfs's sake; has no effect")
  private boolean singleThread;

  @Option(names = "--log", paramLabel = "FILE", description = "Log to a file")
  private @Nullable Path logFile;

  @Option(names = Background.CHILD, hidden = true)
  private boolean child;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Mounter mounter;

  MountCommand(Mounter mounter) {
    this.mounter = mounter;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (child) {
      List<String> arguments = Background.arguments(System.in);
      MountCommand command = new MountCommand(mounter);
      new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
      return command.serve(command.what.read(debug), true);
    }
    if (!what.isNamed() || mountPoint == null) {
      err.println("mooring: name what to mount and where: mooring mount user@host:/dir /mnt");
      return 2;
    }
    if (!isRoot()) {
      err.println("mooring: mounting needs root; run it with sudo");
      return 1;
    }
    MountSpec mount;
    try {
      mount = what.read(debug);
    } catch (InvalidOptions e) {
      err.println("mooring: " + e.getMessage());
      return 2;
    }
    if (singleThread) {
      err.println("mooring: warning: -s has no effect");
    }
    mount.warnings().forEach(warning -> err.println("mooring: warning: " + warning));
    err.flush();
    return foreground || debug
        ? serve(mount, false)
        : Background.launch(spec.root().commandLine().getParseResult().originalArgs());
  }

  /** Mounts, and returns when somebody has unmounted. */
  private int serve(MountSpec mount, boolean background) throws IOException {
    setUpLogging(background);
    Path where = Objects.requireNonNull(mountPoint).toAbsolutePath();
    // There before the mount is, so that a signal in between leaves no dead mount behind.
    CompletableFuture<LiveMount> made = new CompletableFuture<>();
    Thread unmount = Thread.ofPlatform().unstarted(() -> close(made));
    Runtime.getRuntime().addShutdownHook(unmount);
    try (LiveMount live = mounter.mount(mount, () -> what.read(debug), where)) {
      made.complete(live);
      if (background) {
        Background.ready();
      }
      live.ended().join();
    } finally {
      made.cancel(false);
      Logs.flush();
    }
    return 0;
  }

  /** Closes the mount that has been made or is about to be. */
  private static void close(CompletableFuture<LiveMount> made) {
    try {
      made.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
    } catch (CancellationException | ExecutionException | TimeoutException e) {
      log.debug("there is no mount to end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Logs.flush();
    }
  }

  private void setUpLogging(boolean background) {
    if (logFile != null) {
      Logs.toFile(logFile.toAbsolutePath(), debug);
    } else if (background) {
      Logs.warningsOnly();
    } else {
      Logs.toConsole(debug);
    }
  }

  /** The owner of /proc/self is the effective user. */
  private static boolean isRoot() throws IOException {
    return Objects.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), 0);
  }
}
