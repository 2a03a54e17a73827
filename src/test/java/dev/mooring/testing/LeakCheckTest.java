package dev.mooring.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten is seen while it is there, and no longer. */
class LeakCheckTest {

  @Test
  void aThreadOfOursIsSeen() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().daemon().name("mooring-forgotten").start(() -> await(end));
    String leaving = "thread mooring-forgotten (" + thread.threadId() + ")";
    assertThat(Leavings.present()).contains(leaving);
    end.countDown();
    thread.join();
    assertThat(Leavings.present()).doesNotContain(leaving);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aChildProcessIsSeen() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    assertThat(Leavings.present()).anyMatch(leaving -> leaving.startsWith("process " + cat.pid()));
    cat.outputWriter().close();
    cat.waitFor();
    assertThat(Leavings.present()).noneMatch(leaving -> leaving.startsWith("process " + cat.pid()));
  }

  @Test
  void anOpenFileIsSeen(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (InputStream _ = Files.newInputStream(file)) {
      assertThat(Leavings.present()).anyMatch(leaving -> leaving.endsWith(" of " + file));
    }
    assertThat(Leavings.present()).noneMatch(leaving -> leaving.endsWith(" of " + file));
  }
}
