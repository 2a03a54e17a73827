package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Pace;
import dev.mooring.mount.MountFailure.Phase;
import dev.mooring.sftp.ChannelSource;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpSession;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.ssh.PassedPhase;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what a mount goes through, phase by phase, without mounting and without changing
 * anything on the server. Thread-safe; waits as a mount does.
 */
public final class Doctor {
  private final SshConnector connector;
  private final Pace pace;
  private final RandomGenerator chance;
  private final Path device;

  /**
   * With what mounts are made of.
   *
   * @param device the kernel's, {@code /dev/fuse}
   */
  public Doctor(SshConnector connector, Pace pace, RandomGenerator chance, Path device) {
    this.connector = connector;
    this.pace = pace;
    this.chance = chance;
    this.device = device;
  }

  /**
   * A phase that is well.
   *
   * @param target the server, or a host on the way to it
   * @param found for people
   */
  public record Finding(Phase phase, String target, String found, Duration took) {}

  /**
   * Looks at the server, and says what is well as far as it gets.
   *
   * @throws MountFailure with what is not
   */
  public void examineServer(MountSpec spec, Consumer<Finding> findings) throws MountFailure {
    new Examination(spec, findings).run();
  }

  /** Looks whether this machine can mount. */
  public void examineKernel(Consumer<Finding> findings) throws MountFailure {
    long began = pace.nanoTime();
    try (FileChannel opened =
        FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      String found = opened.isOpen() ? device + " opens" : "";
      findings.accept(
          new Finding(
              Phase.FUSE, "this machine", found, Duration.ofNanos(pace.nanoTime() - began)));
    } catch (IOException e) {
      throw new MountFailure.Mounting(MountTrouble.NO_DEVICE, "this machine", e, e);
    }
  }

  /** A connection that nobody shares, so that all its phases are seen. */
  private final class OneConnection implements ChannelSource, AutoCloseable {
    private final MountSpec spec;
    private volatile @Nullable SshConnection connection;

    OneConnection(MountSpec spec) {
      this.spec = spec;
    }

    @Override
    public SubsystemChannel open() throws IOException {
      SshConnection made =
          connector.connect(spec.target(), spec.credentials(), spec.hostKeys(), spec.connection());
      close();
      connection = made;
      Caller caller = Waiting.within(spec.connection().connectTimeout(), pace);
      return Waiting.result(made.open(spec.subsystem()), caller, pace);
    }

    List<PassedPhase> passed() {
      SshConnection made = connection;
      return made == null ? List.of() : made.passed();
    }

    @Override
    public void close() {
      SshConnection made = connection;
      if (made != null) {
        made.close();
      }
    }
  }

  /** One look at one server. */
  private final class Examination {
    private final MountSpec spec;
    private final Consumer<Finding> findings;
    private final String target;
    private long began = pace.nanoTime();

    Examination(MountSpec spec, Consumer<Finding> findings) {
      this.spec = spec;
      this.findings = findings;
      this.target = spec.fuse().source();
    }

    void run() throws MountFailure {
      SftpSettings settings = SftpSettings.DEFAULT.withRequestTimeout(spec.fuse().requestTimeout());
      try (OneConnection source = new OneConnection(spec);
          SftpSession session = new SftpSession(source, pace, settings, chance)) {
        connect(session, source);
        look(session);
      }
    }

    private void connect(SftpSession session, OneConnection source) throws MountFailure {
      Duration time = spec.connection().connectTimeout().multipliedBy(3);
      try {
        Waiting.result(session.firstAttempt(), Waiting.within(time, pace), pace);
      } catch (SshFailure e) {
        say(e.passed().isEmpty() ? source.passed() : e.passed());
        throw new MountFailure.Connecting(e);
      } catch (IOException e) {
        say(source.passed());
        throw SftpMounter.withoutSftp(spec, e);
      }
      say(source.passed());
      say(Phase.SUBSYSTEM, session.extensions().size() + " extensions");
    }

    private void look(SftpSession session) throws MountFailure {
      RemoteRoot root = new RemoteRoot(session, target, pace, spec.fuse().requestTimeout());
      RemotePath path = root.resolve(spec.remote().root(), Start.DEFAULT);
      say(Phase.REMOTE_PATH, path + " is a directory");
      Caller caller = Waiting.within(spec.fuse().requestTimeout(), pace);
      try {
        RemoteHandle handle = Waiting.result(session.opendir(path), caller, pace);
        Waiting.result(session.close(handle), caller, pace);
      } catch (SftpException e) {
        throw new MountFailure.Mounting(MountTrouble.MAY_NOT_LIST, target, e, path);
      } catch (IOException e) {
        throw SftpMounter.withoutSftp(spec, e);
      }
      say(Phase.PERMISSIONS, spec.target().user() + " may list it");
    }

    private void say(List<PassedPhase> passed) {
      for (PassedPhase phase : passed) {
        findings.accept(
            new Finding(
                Phase.of(phase.phase()), phase.target().toString(), phase.found(), phase.took()));
        began += phase.took().toNanos();
      }
    }

    private void say(Phase phase, String found) {
      long now = pace.nanoTime();
      findings.accept(new Finding(phase, target, found, Duration.ofNanos(now - began)));
      began = now;
    }
  }
}
