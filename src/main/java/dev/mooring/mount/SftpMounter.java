package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Pace;
import dev.mooring.fs.remote.NodeBudget;
import dev.mooring.fs.remote.RememberedOwners;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpSession;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SshFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts connection, SFTP session, remote file system and FUSE together. Thread-safe. */
public final class SftpMounter implements Mounter {
  private static final Logger log = LoggerFactory.getLogger(SftpMounter.class);

  /** Between attempts to reach a server that is about to start. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final SharedConnections connections;
  private final Map<BindingChoice, FuseBinding> bindings;
  private final Pace pace;
  private final RandomGenerator chance;
  private final RemoteFileSystem.Share share;

  /**
   * Of the parts that all mounts share.
   *
   * @param chance for the pauses between attempts to connect again
   * @param memory for the file systems; the bindings have a share in it too
   */
  public SftpMounter(
      SshConnector connector,
      Map<BindingChoice, FuseBinding> bindings,
      Pace pace,
      RandomGenerator chance,
      NativeMemory memory) {
    this.connections = new SharedConnections(connector, pace);
    this.bindings = Map.copyOf(bindings);
    this.pace = pace;
    this.chance = chance;
    this.share = new RemoteFileSystem.Share(memory, new NodeBudget(NodeBudget.MOST));
  }

  @Override
  public LiveMount mount(MountSpec spec, SpecSource again, Path mountPoint) throws MountFailure {
    FuseBinding binding = bindings.get(spec.binding());
    if (binding == null) {
      throw new MountFailure.Mounting(
          MountTrouble.NO_BINDING, spec.fuse().source(), null, spec.binding());
    }
    Caller patience = Waiting.within(spec.start().patience(), pace);
    while (true) {
      try {
        return attempt(spec, again, binding, mountPoint);
      } catch (MountFailure e) {
        if (!mayPass(e) || !pause(patience)) {
          throw e;
        }
        log.info("trying again: {}", e.getMessage());
      }
    }
  }

  private LiveMount attempt(MountSpec spec, SpecSource again, FuseBinding binding, Path mountPoint)
      throws MountFailure {
    ConnectionSource source = connections.source(spec, again);
    SftpSettings settings =
        SftpSettings.DEFAULT
            .withRequestTimeout(spec.fuse().requestTimeout())
            .withMaxChannels(spec.remote().transfer().maxChannels())
            .withHard(spec.remote().isHard());
    SftpSession session = new SftpSession(source, pace, settings, chance);
    try {
      if (!spec.start().delayed()) {
        connect(spec, session);
      }
      return serve(spec, session, source, binding, mountPoint);
    } catch (MountFailure | RuntimeException e) {
      session.close();
      source.close();
      throw e;
    }
  }

  /** Whether a server that is about to start fails like this. */
  private static boolean mayPass(MountFailure failure) {
    return switch (failure) {
      case MountFailure.Connecting connecting ->
          switch (connecting.trouble().phase()) {
            case DNS, TCP, KEY_EXCHANGE -> true;
            case HOST_KEY, AUTHENTICATION, SUBSYSTEM -> false;
          };
      case MountFailure.Mounting _ -> false;
    };
  }

  /** Waits before another attempt; answers false when the patience is over. */
  private boolean pause(Caller patience) {
    if (patience.deadlineNanos() - pace.nanoTime() <= PAUSE.toNanos()) {
      return false;
    }
    CompletableFuture<Void> over = new CompletableFuture<>();
    pace.schedule(PAUSE, () -> over.complete(null));
    try {
      pace.await(over, patience);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  private void connect(MountSpec spec, SftpSession session) throws MountFailure {
    // Connecting and opening the channel have this time each; the rest is for the first packets.
    Duration time = spec.connection().connectTimeout().multipliedBy(3);
    try {
      Waiting.result(session.firstAttempt(), Waiting.within(time, pace), pace);
    } catch (SshFailure e) {
      throw new MountFailure.Connecting(e);
    } catch (IOException e) {
      throw withoutSftp(spec, e);
    }
  }

  private RemoteFileSystem fileSystem(
      SftpSession session, RemoteSettings settings, @Nullable Path ownersFile) {
    if (ownersFile == null) {
      return new RemoteFileSystem(session, pace, settings, RememberedOwners.NONE, share);
    }
    OwnersFile kept = new OwnersFile(ownersFile);
    RememberedOwners owners = new RememberedOwners(kept.load(), pace, kept);
    return new RemoteFileSystem(session, pace, settings, owners, share);
  }

  /** The server was reached, and does not speak SFTP as it should. */
  static MountFailure withoutSftp(MountSpec spec, IOException cause) {
    return new MountFailure.Mounting(
        MountTrouble.NO_SFTP, spec.target().toString(), cause, String.valueOf(cause.getMessage()));
  }

  private LiveMount serve(
      MountSpec spec,
      SftpSession session,
      ConnectionSource source,
      FuseBinding binding,
      Path mountPoint)
      throws MountFailure {
    RemotePath root =
        spec.start().delayed()
            ? RemoteRoot.unseen(spec.remote().root())
            : new RemoteRoot(session, spec.fuse().source(), pace, spec.fuse().requestTimeout())
                .resolve(spec.remote().root(), spec.start());
    Caller patience = Waiting.within(spec.fuse().requestTimeout(), pace);
    RemoteSettings settings =
        spec.remote()
            .with(root)
            .with(
                LoginOwner.translated(
                    spec.remote().owners(), session, spec.fuse().source(), patience, pace));
    RemoteFileSystem fileSystem = fileSystem(session, settings, spec.ownersFile());
    FileSystem shown =
        spec.logged() ? new LoggedFileSystem(fileSystem, spec.fuse().source(), pace) : fileSystem;
    try {
      FuseOptions options = spec.remote().isHard() ? spec.fuse().waitingForEver() : spec.fuse();
      FuseSession fuse = binding.mount(shown, mountPoint, options);
      log.info("mounted {} at {}", spec.fuse().source(), mountPoint);
      return new ServedMount(spec.target(), fuse, fileSystem, session, source, pace);
    } catch (IOException e) {
      fileSystem.close();
      throw new MountFailure.Mounting(
          MountTrouble.NOT_MOUNTED, mountPoint.toString(), e, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      fileSystem.close();
      throw e;
    }
  }
}
