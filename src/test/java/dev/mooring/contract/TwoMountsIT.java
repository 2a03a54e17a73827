package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;
import dev.mooring.testing.Command;
import dev.mooring.testing.SemanticsRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two mounts of one directory, with all that the kernel remembers: what one does, the other sees.
 */
class TwoMountsIT {
  /** Within which open files and absent names are seen as they are. */
  private static final Duration BOUND = Duration.ofSeconds(1);

  /** What a loaded machine may take on top of a bound. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  abstract static class Mounted {
    private final Function<SystemPace, FuseBinding> binding;
    @TempDir private Path directory;
    private Path here = Path.of("");
    private Path there = Path.of("");
    private RealMount one;
    private RealMount other;

    Mounted(Function<SystemPace, FuseBinding> binding) {
      this.binding = binding;
    }

    @BeforeEach
    void mount() throws Exception {
      Path served = Files.createDirectory(directory.resolve("served"));
      here = Files.createDirectory(directory.resolve("here"));
      there = Files.createDirectory(directory.resolve("there"));
      Files.writeString(served.resolve("file"), "0000");
      one = new RealMount(binding, served, here);
      other = new RealMount(binding, served, there);
    }

    @AfterEach
    void unmount() {
      other.close();
      one.close();
    }

    @Test
    @SemanticsRow("coherence.close-to-open")
    void aBatonIsPassedBackAndForth() throws Exception {
      for (int i = 1; i <= 50; i++) {
        Path writer = i % 2 == 0 ? here : there;
        Path reader = i % 2 == 0 ? there : here;
        String baton = "%04d".formatted(i);
        Files.writeString(writer.resolve("file"), baton);
        assertThat(reader.resolve("file")).hasContent(baton);
      }
    }

    @Test
    @SemanticsRow("coherence.replaced")
    void aSavedFileIsReadAtOnce() throws Exception {
      for (int i = 1; i <= 10; i++) {
        assertThat(there.resolve("file")).exists();
        String version = "version " + i;
        Files.writeString(here.resolve("file.tmp"), version);
        Files.move(
            here.resolve("file.tmp"),
            here.resolve("file"),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
        assertThat(there.resolve("file")).hasContent(version);
      }
    }

    @Test
    @SemanticsRow("coherence.absent")
    void anAbsentNameAppearsWithinASecond() throws Exception {
      assertThat(there.resolve("new")).doesNotExist();
      Files.createFile(here.resolve("new"));

      await()
          .atMost(BOUND.plus(SLACK))
          .untilAsserted(() -> assertThat(there.resolve("new")).exists());
    }

    @Test
    @SemanticsRow("coherence.tail")
    void tailFollowsWithinASecond() throws Exception {
      Process tail =
          new ProcessBuilder("tail", "-n+1", "-f", "-s0.1", "" + there.resolve("file")).start();
      try (BufferedReader lines = tail.inputReader()) {
        for (int i = 1; i <= 3; i++) {
          String line = "line " + i;
          Files.writeString(here.resolve("file"), line + "\n", StandardOpenOption.APPEND);

          String seen =
              CompletableFuture.supplyAsync(() -> next(lines))
                  .get(BOUND.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
          assertThat(seen).endsWith(line);
        }
      } finally {
        tail.destroyForcibly().waitFor();
      }
    }

    private static String next(BufferedReader lines) {
      try {
        return String.valueOf(lines.readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Test
    @SemanticsRow("coherence.attributes")
    void aChangeOfModeIsSeenWithinFiveSeconds() throws Exception {
      assertThat(mode(there)).isEqualTo("644\n");
      Command.run("chmod", "600", here.resolve("file").toString());

      await()
          .atMost(Duration.ofSeconds(5).plus(SLACK))
          .untilAsserted(() -> assertThat(mode(there)).isEqualTo("600\n"));
    }

    private static String mode(Path mount) throws Exception {
      return Command.run("stat", "-c", "%a", mount.resolve("file").toString());
    }
  }

  /** Through the kernel binding. */
  @Nested
  class Kernel extends Mounted {
    Kernel() {
      super(KernelFuseBinding::new);
    }
  }

  /** Through libfuse 2. */
  @Nested
  class Jnr extends Mounted {
    Jnr() {
      super(JnrFuseBinding::new);
    }
  }
}
