package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.fs.remote.RemoteFileSystem;
import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.ssh.SubsystemChannel;
import java.io.Closeable;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** All of the contract over the remote file system; a subclass says over which server. */
abstract class RemoteContract extends FileSystemContract {

  /** What SFTP version 3 cannot say, whatever extensions there are. */
  private static final Set<Capability> UNSPEAKABLE =
      EnumSet.of(
          Capability.LINK_COUNT,
          Capability.LINK_IDENTITY,
          Capability.EXCHANGE,
          Capability.SPECIAL_FILES,
          Capability.ALL_TIMES,
          Capability.CHANGE_TIME);

  /** Over a server that lacks this besides. */
  RemoteContract(Capability... besides) {
    super(Stream.concat(UNSPEAKABLE.stream(), Stream.of(besides)).toArray(Capability[]::new));
  }

  /**
   * The directory {@code root} of the server at the other end of the channel.
   *
   * @param beforeTheEnd runs when nobody uses the file system any more, the channel being open
   * @param afterwards runs when the channel has closed
   */
  static Posix over(
      SubsystemChannel server, String root, Closeable beforeTheEnd, Closeable afterwards)
      throws Exception {
    SystemPace pace = new SystemPace();
    SftpChannel channel =
        SftpChannel.open(server, pace, SftpSettings.DEFAULT, 1).get(10, TimeUnit.SECONDS);
    RemoteFileSystem remote =
        new RemoteFileSystem(
            channel,
            pace,
            RemoteSettings.of(RemotePath.of(root))
                .with(new RemoteSettings.Symlinks(false, false, false)));
    return new WaistPosix(
        remote,
        pace,
        () -> {
          assertThat(remote.references()).isZero();
          beforeTheEnd.close();
          remote.close();
          channel.close();
          channel.closed().join();
          pace.close();
          afterwards.close();
        });
  }
}
