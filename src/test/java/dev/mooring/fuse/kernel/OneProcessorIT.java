package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.testing.Command;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.ReferenceFileSystem;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With one processor there is one carrier for all virtual threads: whatever pins it shows. */
class OneProcessorIT {
  private static final String SCRIPT =
      """
      set -e
      cd "$0"
      for i in 1 2 3 4; do
        (mkdir $i; head -c 3000000 /dev/zero > $i/file; cp $i/file $i/copy
         cmp $i/file $i/copy; ls -l $i; rm -r $i) &
      done
      wait
      """;

  @TempDir Path directory;

  @Test
  void oneProcessorIsEnough() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OneProcessorIT.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("no deadlock").isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Mounts from a virtual thread, has the mount used, unmounts, and checks that nothing is left.
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    SystemPace pace = new SystemPace();
    ReferenceFileSystem model = new ReferenceFileSystem(pace);
    Thread virtual =
        Thread.ofVirtual()
            .unstarted(() -> {
              try (FuseSession session =
                  new KernelFuseBinding(pace)
                      .mount(
                          Interposed.insistOnWaiting(model), directory, FuseOptions.of("model"))) {
                Command.run("bash", "-c", SCRIPT, session.mountPoint().toString());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    virtual.start();
    virtual.join();
    model.assertNothingLeft();
    System.exit(0);
  }
}
