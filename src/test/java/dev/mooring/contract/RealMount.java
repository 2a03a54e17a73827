package dev.mooring.contract;

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
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A directory that OpenSSH's sftp-server serves, mounted with the defaults, until it is closed. */
final class RealMount implements AutoCloseable {
  private final SystemPace pace = new SystemPace();
  private final SftpChannel channel;
  private final RemoteFileSystem remote;
  private final FuseSession session;

  RealMount(Function<SystemPace, FuseBinding> binding, Path served, Path mountPoint)
      throws Exception {
    channel =
        SftpChannel.open(SftpServerProcess.start(served), pace, SftpSettings.DEFAULT, 1)
            .get(10, TimeUnit.SECONDS);
    remote =
        new RemoteFileSystem(channel, pace, RemoteSettings.of(RemotePath.of(served.toString())));
    session = binding.apply(pace).mount(remote, mountPoint, FuseOptions.of("real"));
  }

  @Override
  public void close() {
    session.close();
    remote.close();
    channel.close();
    channel.closed().join();
    pace.close();
  }
}
