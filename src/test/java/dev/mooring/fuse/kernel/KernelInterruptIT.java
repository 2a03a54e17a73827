package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.ReferenceFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that wait for a file system that does not answer can be killed, and only that. */
class KernelInterruptIT {
  @TempDir Path directory;

  private final SystemPace pace = new SystemPace();
  private final ReferenceFileSystem model = new ReferenceFileSystem(pace);
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> answer = new CompletableFuture<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private FuseSession session;

  @BeforeEach
  void mount() throws IOException {
    session =
        new KernelFuseBinding(pace)
            .mount(
                Interposed.before(
                    model,
                    (verb, caller) -> {
                      if (hanging.contains(verb)) {
                        caller.beforeWaiting();
                        asked.countDown();
                        pace.await(answer, caller);
                      }
                    }),
                directory,
                FuseOptions.of("model"));
    Files.writeString(directory.resolve("file"), "content");
  }

  @AfterEach
  void unmount() {
    hanging.clear();
    session.close();
    pace.close();
    model.assertNothingLeft();
  }

  private Process start(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).start();
  }

  private void assertDiesWithinASecond(Process process) throws InterruptedException {
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aReaderOfADeadServerCanBeKilled() throws Exception {
    hanging.add("read");
    assertDiesWithinASecond(start("exec cat " + directory.resolve("file")));
  }

  @Test
  void aStatOfADeadServerCanBeKilled() throws Exception {
    hanging.add("lookup");
    assertDiesWithinASecond(start("exec stat " + directory.resolve("missing")));
  }

  @Test
  void aWriterCanBeKilledThoughItsFileIsDirtyYet() throws Exception {
    hanging.add("fsync");
    hanging.add("flush");
    assertDiesWithinASecond(
        start("exec dd conv=fsync if=/dev/zero of=%s bs=100k count=1".formatted(file())));
  }

  private Path file() {
    return directory.resolve("file");
  }

  @Test
  void aSignalWithAHandlerFailsNoCall() throws Exception {
    hanging.add("lookup");
    String script =
        "import os,signal,sys;"
            + "signal.signal(signal.SIGUSR1, lambda *_: None);"
            + "print(os.stat(sys.argv[1]).st_size)";
    Process python = new ProcessBuilder("python3", "-c", script, file().toString()).start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    new ProcessBuilder("kill", "-USR1", Long.toString(python.pid())).start().waitFor();
    // Long enough for the INTERRUPT to arrive and the process to be looked at.
    assertThat(python.waitFor(1, TimeUnit.SECONDS)).isFalse();
    answer.complete(null);
    assertThat(python.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("7");
  }
}
