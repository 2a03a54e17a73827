package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.OpenFlags;
import org.junit.jupiter.api.Test;

class OpenFlagBitsTest {
  @Test
  void accessModesAndFlagsAreDecoded() {
    assertThat(OpenFlagBits.decode(0)).isEqualTo(OpenFlags.READ);
    assertThat(OpenFlagBits.decode(02001)).isEqualTo(OpenFlags.WRITE.appending());
    assertThat(OpenFlagBits.decode(01202)).isEqualTo(OpenFlags.READ_WRITE.truncating().excluding());
    assertThat(OpenFlagBits.decode(04010000).sync()).isTrue();
  }

  @Test
  void directIsAnotherBitOnEachArchitecture() {
    assertThat(OpenFlagBits.decode(040000, "amd64").direct()).isTrue();
    assertThat(OpenFlagBits.decode(0200000, "aarch64").direct()).isTrue();
  }

  @Test
  void aDirectoryOfOneArchitectureIsNotDirectOnTheOther() {
    assertThat(OpenFlagBits.decode(0200000, "amd64").direct()).isFalse();
    assertThat(OpenFlagBits.decode(040000, "aarch64").direct()).isFalse();
  }
}
