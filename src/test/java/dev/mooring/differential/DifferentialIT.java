package dev.mooring.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.contract.SyscallPosix;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.programs.MountedDirectory;
import dev.mooring.programs.SshfsMount;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same calls on our mount and on C sshfs, over the same server program: what docs/SEMANTICS.md
 * says to be better here still differs, and just so.
 */
@Timeout(300)
class DifferentialIT {
  @TempDir private Path directory;

  /** Two mounts, side by side. */
  private interface Comparison {
    void make(SyscallPosix ours, SyscallPosix theirs) throws Exception;
  }

  private void compare(Comparison comparison) throws Exception {
    try (MountedDirectory ours =
            new MountedDirectory(directory, KernelFuseBinding::new, FuseOptions.of("ours"));
        SshfsMount theirs = new SshfsMount(directory);
        SyscallPosix onOurs = new SyscallPosix(ours.mountPoint(), () -> {});
        SyscallPosix onTheirs = new SyscallPosix(theirs.mountPoint(), () -> {})) {
      comparison.make(onOurs, onTheirs);
    }
  }

  @Test
  void whatIsBetterStillDiffers() throws Exception {
    Map<String, String> found = new TreeMap<>();
    Map<String, String> expected = new TreeMap<>();
    compare((ours, theirs) -> {
      for (Duel duel : Duel.all()) {
        ours.mkdir(duel.row(), 0755);
        theirs.mkdir(duel.row(), 0755);
        found.put(
            duel.row(),
            duel.shownOn(ours, duel.row()) + " against " + duel.shownOn(theirs, duel.row()));
        expected.put(duel.row(), duel.ours() + " against " + duel.theirs());
      }
    });
    assertThat(found).isEqualTo(expected);
  }
}
