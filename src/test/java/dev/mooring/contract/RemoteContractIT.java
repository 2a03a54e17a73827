package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.testing.SftpServerProcess;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The remote file system keeps the contract over OpenSSH's own sftp-server. */
class RemoteContractIT extends FileSystemContract {

  RemoteContractIT() {
    super(
        Capability.LINK_COUNT,
        Capability.LINK_IDENTITY,
        Capability.EXCHANGE,
        Capability.SPECIAL_FILES,
        Capability.ALL_TIMES,
        Capability.CHANGE_TIME);
  }

  @Override
  Posix begin(Path directory) throws Exception {
    SystemPace pace = new SystemPace();
    SftpChannel channel =
        SftpChannel.open(SftpServerProcess.start(directory), pace, SftpSettings.DEFAULT, 1)
            .get(10, TimeUnit.SECONDS);
    RemoteFileSystem remote =
        new RemoteFileSystem(
            channel,
            pace,
            RemoteSettings.of(RemotePath.of(directory.toString()))
                .with(new RemoteSettings.Symlinks(false, false, false)));
    return new WaistPosix(
        remote,
        pace,
        () -> {
          assertThat(remote.references()).isZero();
          channel.close();
          pace.close();
        });
  }
}
