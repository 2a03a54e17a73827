package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseDeviceIT {
  private static final FuseOptions OPTIONS = FuseOptions.of("user@host:/a,b");

  @TempDir Path directory;

  private FuseDevice mount() throws IOException {
    return FuseDevice.mount(directory, OPTIONS, 131072);
  }

  @Test
  void theMountTableShowsSourceTypeAndFlags() throws IOException {
    FuseDevice device = mount();
    try {
      MountTable.Mount mount = MountTable.read().topAt(directory).orElseThrow();
      assertThat(mount.source()).isEqualTo("user@host:/a,b");
      assertThat(mount.type()).isEqualTo("fuse.sshfs");
      assertThat(mount.options()).contains("nosuid").contains("nodev");
      assertThat(mount.minor()).isEqualTo(device.connection().minor());
    } finally {
      MountSyscalls.detach(directory);
      device.close();
    }
  }

  @Test
  void aDeadMountIsNamedWithItsRemedy() throws IOException {
    FuseDevice device = mount();
    device.close();
    try {
      assertThatThrownBy(this::mount)
          .hasMessageContaining("dead mount")
          .hasMessageContaining("umount -l");
    } finally {
      MountSyscalls.detach(directory);
    }
  }

  @Test
  void abortEndsAConnectionThatNobodyServes() throws IOException {
    FuseDevice device = mount();
    try {
      device.connection().abort();
      assertThatThrownBy(() -> Files.size(directory)).hasMessageContaining("not connected");
    } finally {
      MountSyscalls.detach(directory);
      device.close();
    }
  }

  @Test
  void aMissingMountPointIsNamed() {
    directory = directory.resolve("missing");
    assertThatThrownBy(this::mount).hasMessage("mount point " + directory + " does not exist");
  }

  @Test
  void aFileIsNoMountPoint() throws IOException {
    directory = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(this::mount).hasMessageContaining("is not a directory");
  }

  @Test
  void aMountPointWithContentIsRefused() throws IOException {
    Files.createFile(directory.resolve("file"));
    assertThatThrownBy(this::mount).hasMessageContaining("is not empty");
  }
}
