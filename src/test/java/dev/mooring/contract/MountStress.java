package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.FileSystem;
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
import dev.mooring.testing.Command;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.SftpServerProcess;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixty-four who read and write at once on a mount, each verifying the checksum of every block that
 * it wrote. Afterwards nothing is left in the file system; {@link dev.mooring.testing.LeakCheck}
 * looks for threads, mounts and descriptors.
 */
abstract class MountStress {
  private static final int JOBS = 64;

  /** What is mounted, and what must be true of it afterwards. */
  record Subject(FileSystem fileSystem, Closeable afterwards) {}

  /** The binding under test. */
  abstract FuseBinding binding(Pace pace);

  @Test
  void sixtyFourReadersAndWritersFindWhatTheyWrote(@TempDir Path mountPoint) throws Exception {
    try (SystemPace pace = new SystemPace()) {
      ReferenceFileSystem model = new ReferenceFileSystem(pace);
      stress(new Subject(model, model::assertNothingLeft), pace, mountPoint);
    }
  }

  @Test
  void soTheyDoOnTheDirectoryOfAServer(@TempDir Path mountPoint, @TempDir Path served)
      throws Exception {
    try (SystemPace pace = new SystemPace();
        SftpServerProcess server = SftpServerProcess.start(served)) {
      SftpChannel channel =
          SftpChannel.open(server, pace, SftpSettings.DEFAULT, 1).get(10, TimeUnit.SECONDS);
      RemoteFileSystem remote =
          new RemoteFileSystem(channel, pace, RemoteSettings.of(RemotePath.of(served.toString())));
      Closeable afterwards =
          () -> {
            assertThat(remote.references()).isZero();
            remote.close();
            channel.close();
            channel.closed().join();
          };
      stress(new Subject(remote, afterwards), pace, mountPoint);
    }
  }

  private void stress(Subject subject, Pace pace, Path mountPoint) throws Exception {
    FuseSession session =
        binding(pace).mount(subject.fileSystem, mountPoint, FuseOptions.of("stress"));
    String report;
    try {
      report = fio(mountPoint);
    } finally {
      session.close();
    }
    assertThat(report).contains("err= 0");
    assertThat(session.ended()).isCompleted();
    subject.afterwards.close();
  }

  private static String fio(Path directory) throws Exception {
    return Command.run(
        "fio",
        "--name=stress",
        "--directory=" + directory,
        "--numjobs=" + JOBS,
        "--group_reporting",
        "--ioengine=psync",
        "--rw=randrw",
        "--bsrange=4k-128k",
        "--size=1m",
        "--fsync=16",
        "--randseed=7",
        "--verify=crc32c",
        "--verify_state_save=0",
        "--verify_fatal=1");
  }
}
