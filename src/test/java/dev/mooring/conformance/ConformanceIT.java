package dev.mooring.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.MountFlag;
import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.programs.MountedDirectory;
import dev.mooring.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case of the matrix ends on a mount as on tmpfs, errno by errno, but for the differences
 * that are known.
 */
@Timeout(300)
class ConformanceIT {
  private static final Path MATRIX = Path.of("src/test/resources/conformance/matrix.py");
  private static final Map<String, String> RIGHT = new LinkedHashMap<>();

  @TempDir private Path directory;

  @BeforeAll
  static void askTmpfs(@TempDir Path tmpfs) throws Exception {
    MountSyscalls.mount("none", tmpfs, "tmpfs", EnumSet.noneOf(MountFlag.class), "size=64m");
    try {
      RIGHT.putAll(outcomes(tmpfs));
    } finally {
      MountSyscalls.detach(tmpfs);
    }
    assertThat(RIGHT).hasSizeGreaterThan(1000);
  }

  private static Map<String, String> outcomes(Path place) throws IOException {
    Map<String, String> outcomes = new LinkedHashMap<>();
    Command.run("python3", MATRIX.toString(), place.toString())
        .lines()
        .map(line -> line.split("\t", 2))
        .forEach(columns -> outcomes.put(columns[0], columns[1]));
    return outcomes;
  }

  @Test
  void kernel() throws Exception {
    conforms("kernel-open", KernelFuseBinding::new, false);
  }

  @Test
  void kernelWithDefaultPermissions() throws Exception {
    conforms("kernel-checked", KernelFuseBinding::new, true);
  }

  @Test
  void jnr() throws Exception {
    conforms("jnr-open", JnrFuseBinding::new, false);
  }

  @Test
  void jnrWithDefaultPermissions() throws Exception {
    conforms("jnr-checked", JnrFuseBinding::new, true);
  }

  private void conforms(String mount, Function<Pace, FuseBinding> binding, boolean permissions)
      throws Exception {
    // Others than root must be able to get there at all.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    FuseOptions options =
        new FuseOptions(
            "matrix",
            false,
            false,
            false,
            true,
            permissions,
            false,
            FuseOptions.Tuning.DEFAULT,
            Duration.ofSeconds(30));
    Map<String, String> ours;
    try (MountedDirectory mounted = new MountedDirectory(directory, binding, options)) {
      ours = outcomes(mounted.mountPoint());
    }
    assertThat(KnownDifferences.read().complaints(mount, RIGHT, ours)).isEmpty();
  }
}
