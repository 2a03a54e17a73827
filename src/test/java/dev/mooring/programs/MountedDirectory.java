package dev.mooring.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Pace;
import dev.mooring.fs.SystemPace;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.testing.SftpServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A directory, served by OpenSSH's sftp-server and mounted by this process with the default
 * settings, and what it takes to end that with nothing left.
 */
public final class MountedDirectory implements AutoCloseable {
  private final SystemPace pace = new SystemPace();
  private final SftpServerProcess server;
  private final SftpChannel channel;
  private final RemoteFileSystem remote;
  private final FuseSession session;
  private final Path served;
  private final Path mountPoint;

  /** Mounts a new directory in {@code parent}, which is for this alone. */
  public MountedDirectory(Path parent, Function<Pace, FuseBinding> binding, FuseOptions options)
      throws Exception {
    served = Files.createDirectory(parent.resolve("served"));
    mountPoint = Files.createDirectory(parent.resolve("mount"));
    server = SftpServerProcess.start(served);
    channel = SftpChannel.open(server, pace, SftpSettings.DEFAULT, 1).get(10, TimeUnit.SECONDS);
    remote = new RemoteFileSystem(channel, pace, RemoteSettings.of(RemotePath.of("" + served)));
    session = binding.apply(pace).mount(remote, mountPoint, options);
  }

  /** Where the server has it. */
  public Path served() {
    return served;
  }

  /** Where it is mounted. */
  public Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void close() throws IOException {
    session.close();
    assertThat(session.ended()).isCompleted();
    assertThat(remote.references()).as("references to nodes").isZero();
    remote.close();
    channel.close();
    channel.closed().join();
    server.close();
    pace.close();
  }
}
