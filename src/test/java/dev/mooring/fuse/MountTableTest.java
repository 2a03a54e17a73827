package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fuse.MountTable.Mount;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String DEAD =
      "166 149 0:67 / /d\\040\\303\\244\\134 rw,nosuid master:5 shared:7 -"
          + " fuse.sshfs u@h:/a\\040b rw";
  private static final String FRESH =
      "105 166 0:88 /sub /d\\040\\303\\244\\134 rw - fuse.sshfs x rw";

  private static Mount only(String line) {
    // As MountTable.read does: one character for each byte.
    return MountTable.parse(List.of(line)).mounts().getFirst();
  }

  @Test
  void aLineGivesItsFieldsWithEscapesTakenOut() {
    assertThat(only(DEAD))
        .isEqualTo(
            new Mount(
                166,
                149,
                0,
                67,
                "/",
                Path.of("/d ä\\"),
                "rw,nosuid",
                true,
                "fuse.sshfs",
                "u@h:/a b"));
  }

  @Test
  void optionalFieldsMayBeMissing() {
    assertThat(only(FRESH).shared()).isFalse();
    assertThat(only(FRESH).root()).isEqualTo("/sub");
  }

  @Test
  void theLaterMountAtAPlaceLiesOnTop() {
    MountTable table = MountTable.parse(List.of(DEAD, FRESH));
    assertThat(table.topAt(Path.of("/d ä\\"))).map(Mount::minor).contains(88);
    assertThat(table.topAt(Path.of("/elsewhere"))).isEmpty();
  }
}
