package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.testing.Command;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixty-four who read and write at once on a mount, each verifying the checksum of every block that
 * it wrote. Afterwards nothing is left in the file system; {@link dev.mooring.testing.LeakCheck}
 * looks for threads, mounts and descriptors.
 */
abstract class MountStress {
  private static final int JOBS = 64;

  /** The binding under test. */
  abstract FuseBinding binding();

  @Test
  void sixtyFourReadersAndWritersFindWhatTheyWrote(@TempDir Path mountPoint) throws Exception {
    try (SystemPace pace = new SystemPace()) {
      ReferenceFileSystem model = new ReferenceFileSystem(pace);
      FuseSession session = binding().mount(model, mountPoint, FuseOptions.of("stress"));
      String report;
      try {
        report = fio(mountPoint);
      } finally {
        session.close();
      }
      assertThat(report).contains("err= 0");
      assertThat(session.ended()).isCompleted();
      model.assertNothingLeft();
    }
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
