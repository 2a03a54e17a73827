package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountSyscallsIT {
  @TempDir Path directory;

  @Test
  void mountBindAndDetach() throws IOException {
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Path bound = Files.createDirectory(directory.resolve("bound"));
    MountSyscalls.mount("none", volume, "tmpfs", EnumSet.of(MountFlag.NO_EXEC), "size=1m");
    try {
      Files.writeString(volume.resolve("file"), "content");
      MountSyscalls.change(volume, EnumSet.of(MountFlag.PRIVATE));
      MountSyscalls.bind(volume, bound);
      assertThat(bound.resolve("file")).hasContent("content");
      MountSyscalls.unmount(bound);
      assertThat(bound).isEmptyDirectory();
    } finally {
      MountSyscalls.detach(volume);
    }
    assertThat(volume).isEmptyDirectory();
  }

  @Test
  void aReadOnlyMountRefusesWrites() throws IOException {
    MountSyscalls.mount("none", directory, "tmpfs", EnumSet.of(MountFlag.READ_ONLY), "");
    try {
      assertThatThrownBy(() -> Files.createFile(directory.resolve("file")))
          .hasMessageContaining("Read-only");
    } finally {
      MountSyscalls.unmount(directory);
    }
  }

  @Test
  void aFailureNamesCallPlaceAndReason() {
    assertThatThrownBy(() -> MountSyscalls.unmount(directory))
        .isInstanceOfSatisfying(
            SyscallException.class, e -> assertThat(e.errno()).isEqualTo(SyscallException.EINVAL))
        .hasMessageContaining("unmount " + directory + ": Invalid argument (errno 22)");
  }

  @Test
  void aVirtualThreadMayCall() {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        MountSyscalls.detach(directory.resolve("missing"));
      } catch (IOException e) {
        failure.complete(e);
      }
    });
    assertThat(failure.join()).hasMessageContaining("errno 2");
  }
}
