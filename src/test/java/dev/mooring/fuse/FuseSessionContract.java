package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.SystemPace;
import dev.mooring.testing.Command;
import dev.mooring.testing.ReferenceFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How mounts of every binding begin and end. */
public abstract class FuseSessionContract {
  private static final long LIMIT_SECONDS = 10;

  @TempDir Path directory;
  private final SystemPace pace = new SystemPace();
  private final ReferenceFileSystem fileSystem = new ReferenceFileSystem(pace);

  /** The binding under test. */
  protected abstract FuseBinding binding();

  private FuseSession mount() throws IOException {
    return mount(directory);
  }

  private FuseSession mount(Path mountPoint) throws IOException {
    return mount(fileSystem, mountPoint);
  }

  private FuseSession mount(FileSystem served, Path mountPoint) throws IOException {
    return binding().mount(served, mountPoint, FuseOptions.of("source"));
  }

  @AfterEach
  void everythingWasGivenBack() {
    fileSystem.assertNothingLeft();
    pace.close();
  }

  /** Bindings that are not told when a file open for reading is closed have no error to give. */
  private static void closeAborted(InputStream open) {
    try {
      open.close();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("not connected");
    }
  }

  private static void awaitEnd(FuseSession session) throws Exception {
    session.ended().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void closeUnmountsAndEnds() throws IOException {
    FuseSession session = mount();
    Files.createFile(directory.resolve("file"));
    session.close();
    assertThat(session.ended()).isCompleted();
    assertThat(directory).isEmptyDirectory();
    session.close();
  }

  @Test
  void theSessionEndsWhenSomebodyUnmounts() throws Exception {
    FuseSession session = mount();
    Command.run("umount", directory.toString());
    awaitEnd(session);
    session.close();
  }

  @Test
  void theSessionEndsOnFusermount() throws Exception {
    FuseSession session = mount();
    Command.run("fusermount", "-u", directory.toString());
    awaitEnd(session);
  }

  @Test
  void theSessionEndsWhenItIsAborted() throws Exception {
    FuseSession session = mount();
    Files.writeString(directory.resolve("file"), "content");
    InputStream open = Files.newInputStream(directory.resolve("file"));
    FuseConnection.at(directory).abort();
    awaitEnd(session);
    assertThatThrownBy(open::readAllBytes).isInstanceOf(IOException.class);
    closeAborted(open);
    MountSyscalls.detach(directory);
  }

  @Test
  void whatIsOpenGoesOnAfterALazyUnmount() throws Exception {
    FuseSession session = mount();
    Files.writeString(directory.resolve("file"), "content");
    try (InputStream open = Files.newInputStream(directory.resolve("file"))) {
      Command.run("umount", "-l", directory.toString());
      assertThat(session.ended()).isNotDone();
      assertThat(open.readAllBytes()).asString().isEqualTo("content");
    }
    awaitEnd(session);
  }

  @Test
  void closingABusyMountEndsInAbort() throws Exception {
    FuseSession session = mount();
    Files.writeString(directory.resolve("file"), "content");
    InputStream open = Files.newInputStream(directory.resolve("file"));
    session.close();
    assertThat(session.ended()).isCompleted();
    assertThatThrownBy(open::readAllBytes).isInstanceOf(IOException.class);
    closeAborted(open);
  }

  @Test
  void whoWaitsForASilentServerCanBeKilled() throws Exception {
    SilentFileSystem silent = new SilentFileSystem(fileSystem, pace);
    try (FuseSession session = mount(silent.fileSystem(), directory)) {
      Process waiting =
          new ProcessBuilder("cat", session.mountPoint().resolve(SilentFileSystem.NAME).toString())
              .start();
      silent.awaitCall();
      waiting.destroyForcibly();
      assertThat(waiting.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void othersAreServedWhileManyWait() throws Exception {
    SilentFileSystem silent = new SilentFileSystem(fileSystem, pace);
    List<Process> waiting = new ArrayList<>();
    try (FuseSession session = mount(silent.fileSystem(), directory)) {
      for (int i = 0; i < 20; i++) {
        // Old protocols allow one lookup at a time in each directory.
        Path below = Files.createDirectory(directory.resolve("directory" + i));
        waiting.add(
            new ProcessBuilder("stat", below.resolve(SilentFileSystem.NAME).toString()).start());
        silent.awaitCall();
      }
      Files.writeString(session.mountPoint().resolve("file"), "content");
      for (Process process : waiting) {
        process.destroyForcibly();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void closeLeavesAloneWhatIsMountedOnTop() throws Exception {
    FuseSession session = mount();
    Path below = Files.createDirectory(directory.resolve("below"));
    FuseSession onTop = mount(below);
    Command.run("umount", below.toString());
    awaitEnd(onTop);
    onTop.close();
    assertThat(below).exists();
    session.close();
  }

  @Test
  void mountsInOneProcessAreIndependent() throws IOException {
    Path one = Files.createDirectory(directory.resolve("one"));
    Path two = Files.createDirectory(directory.resolve("two"));
    try (FuseSession second = mount(two)) {
      try (FuseSession first = mount(one)) {
        Files.createFile(two.resolve("file"));
        assertThat(first.mountPoint().resolve("file")).exists();
      }
      assertThat(one).isEmptyDirectory();
      assertThat(two.resolve("file")).exists();
      assertThat(second.ended()).isNotDone();
    }
  }

  @Test
  void theKernelRefusesWritesToAReadOnlyMount() throws IOException {
    FuseOptions readOnly =
        new FuseOptions(
            "source",
            true,
            true,
            true,
            true,
            false,
            false,
            FuseOptions.Tuning.DEFAULT,
            Duration.ofSeconds(5));
    try (FuseSession session = binding().mount(fileSystem, directory, readOnly)) {
      assertThatThrownBy(() -> Files.createFile(session.mountPoint().resolve("file")))
          .hasMessageContaining("Read-only");
      assertThat(MountTable.read().topAt(directory).orElseThrow().options())
          .contains("ro")
          .contains("noexec")
          .contains("noatime");
    }
  }

  @Test
  void aHundredAndFiftyMountsLeaveNothingBehind() throws IOException {
    long before = openDescriptors();
    for (int i = 0; i < 150; i++) {
      try (FuseSession session = mount()) {
        assertThat(session.mountPoint()).isEmptyDirectory();
      }
    }
    assertThat(openDescriptors()).isLessThan(before + 10);
    assertThat(MountTable.read().topAt(directory)).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("mooring-fuse"))
        .isEmpty();
  }

  private static long openDescriptors() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }
}
