package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.ChangeListener;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.TestCaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel believes for an hour what it was told, unless it is told of a change. */
class KernelChangesIT {
  @TempDir Path directory;

  private final SystemPace pace = new SystemPace();
  private final ReferenceFileSystem model = new ReferenceFileSystem(pace, Duration.ofHours(1));
  private FuseSession session;
  private FileName name;

  @BeforeEach
  void mount() throws IOException {
    session = new KernelFuseBinding(pace).mount(model, directory, FuseOptions.of("model"));
    name = FileName.of("file");
  }

  @AfterEach
  void unmount() {
    session.close();
    pace.close();
    model.assertNothingLeft();
  }

  private ChangeListener listener() {
    return Objects.requireNonNull(model.listener());
  }

  @Test
  void aChangeOfContentIsSeenWhenItIsTold() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "content");
    assertThat(Files.size(file)).isEqualTo(7);
    Node node = behindTheKernel();
    model.setattr(node, null, AttributeChange.ofSize(3), TestCaller.root(pace));
    assertThat(Files.size(file)).isEqualTo(7);

    listener().contentChanged(node);

    await().untilAsserted(() -> assertThat(Files.size(file)).isEqualTo(3));
    model.forget(node, 1);
  }

  private Node behindTheKernel() throws IOException {
    Entry entry = model.lookup(model.root(), name, TestCaller.root(pace));
    return ((Entry.Present) entry).node();
  }

  @Test
  void aNewNameIsSeenWhenItIsTold() throws IOException {
    Path file = directory.resolve("file");
    assertThat(Files.exists(file)).isFalse();
    Node made =
        model.mknod(model.root(), name, FileType.REGULAR, 0644, TestCaller.root(pace)).node();
    model.forget(made, 1);
    assertThat(Files.exists(file)).isFalse();

    listener().entryChanged(model.root(), name);

    await().untilAsserted(() -> assertThat(Files.exists(file)).isTrue());
  }

  @Test
  void theKernelsReferencesAreTheModels() throws IOException {
    for (int i = 0; i < 500; i++) {
      Files.createFile(directory.resolve("file-" + i));
    }
    try (var entries = Files.list(directory)) {
      assertThat(entries.mapToLong(entry -> entry.toFile().length()).sum()).isZero();
    }
    assertThat(model.references()).isPositive();

    // Only while nothing else uses them does the kernel drop its entries and nodes.
    await()
        .untilAsserted(() -> {
          Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
          assertThat(model.references()).isZero();
        });
  }
}
