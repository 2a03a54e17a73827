package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusermountIT {
  private static final FuseOptions OPTIONS = FuseOptions.of("user@host:/a,b\\c");

  @TempDir Path directory;

  @BeforeEach
  void needsTheProgram() {
    Assumptions.assumeTrue(Fusermount.isInstalled(), "fusermount3 is not installed");
  }

  @Test
  void theDescriptorThatIsPassedServesTheMount() throws IOException {
    int descriptor = Fusermount.mount(directory, FuseDevice.userOptions(OPTIONS, 131072));
    FuseDevice device = new FuseDevice(descriptor, directory, FuseConnection.at(directory));
    try {
      MountTable.Mount mount = MountTable.read().topAt(directory).orElseThrow();
      assertThat(mount.source()).isEqualTo("user@host:/a,b\\c");
      assertThat(mount.type()).isEqualTo("fuse.sshfs");
      assertThat(mount.options()).contains("nosuid").contains("nodev");
    } finally {
      Fusermount.unmount(directory);
      device.close();
    }
    assertThat(MountTable.read().topAt(directory)).isEmpty();
  }

  @Test
  void aRefusalIsAnError() {
    assertThatThrownBy(() -> Fusermount.mount(directory, "no_such_option"))
        .hasMessageContaining("fusermount3 would not mount on " + directory);
  }
}
