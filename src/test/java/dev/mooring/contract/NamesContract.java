package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.testing.SemanticsRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a name may be: any bytes but slash and NUL, up to 255. */
interface NamesContract extends Subject {

  /** Names that programs get wrong. */
  List<String> AWKWARD =
      List.of(
          " ",
          " leading and trailing ",
          "-rf",
          "...",
          ".hidden",
          "tab\tand\nnewline",
          "back\\slash",
          "\"quoted\" 'twice'",
          "*?[a-z]",
          "semi;colon&pipe|",
          "$HOME`id`",
          "percent%2f",
          "comma,equals=",
          "\u0001\u007f",
          "CON",
          "~");

  @Test
  default void awkwardNamesAreNamesAsAnyOther() throws Exception {
    for (String name : AWKWARD) {
      assertUsable(name);
    }
  }

  @Test
  default void utf8NamesComeBackToTheByte() throws Exception {
    for (String text : List.of("größe", "日本語", "emoji-😀", "e\u0301", "\u00e9", "\u202eabc")) {
      assertUsable(Posix.utf8(text));
    }
  }

  /** Every verb that takes a name takes this one, and a listing shows it. */
  private void assertUsable(String name) throws Exception {
    write(name, "content");
    assertThat(posix().readdir("")).containsExactly(name);
    assertThat(content(name)).isEqualTo("content");
    rename(name, "plain");
    rename("plain", name);
    posix().unlink(name);
    posix().mkdir(name, 0755);
    write(name + "/file", "below");
    assertThat(content(name + "/file")).isEqualTo("below");
    posix().unlink(name + "/file");
    posix().rmdir(name);
    posix().symlink(name, name);
    assertThat(posix().readlink(name)).isEqualTo(name);
    posix().unlink(name);
    assertThat(posix().readdir("")).isEmpty();
  }

  @Test
  @SemanticsRow("name.bytes")
  default void namesThatAreNotTextAreKeptOrRefused() throws Exception {
    for (String name : List.of("latin-\u00e9", "\u00ff\u00fe", "cut-\u00e2\u0082", "\u0080")) {
      if (lacks(Capability.BYTE_NAMES)) {
        assertFails(Errno.EILSEQ, () -> write(name, ""));
        assertFails(Errno.EILSEQ, () -> posix().mkdir(name, 0755));
        assertThat(posix().readdir("")).isEmpty();
      } else {
        assertUsable(name);
      }
    }
  }

  @Test
  default void upperAndLowerCaseAreTwoNames() throws Exception {
    write("name", "lower");
    write("NAME", "upper");
    assertThat(content("name")).isEqualTo("lower");
    assertThat(content("NAME")).isEqualTo("upper");
  }

  @Test
  default void aNameMayHave255Bytes() throws Exception {
    assertUsable("n".repeat(255));
    assertUsable(Posix.utf8("ü".repeat(127)) + "n");
  }

  @Test
  @SemanticsRow("name.length")
  default void aNameOf256BytesIsTooLong() throws Exception {
    String name = "n".repeat(256);
    write("file", "");
    posix().mkdir("directory", 0755);
    assertFails(Errno.ENAMETOOLONG, () -> write(name, ""));
    assertFails(Errno.ENAMETOOLONG, () -> posix().stat(name));
    assertFails(Errno.ENAMETOOLONG, () -> posix().mkdir(name, 0755));
    assertFails(Errno.ENAMETOOLONG, () -> posix().rmdir(name));
    assertFails(Errno.ENAMETOOLONG, () -> posix().unlink(name));
    assertFails(Errno.ENAMETOOLONG, () -> posix().symlink("target", name));
    assertFails(Errno.ENAMETOOLONG, () -> posix().link("file", name));
    assertFails(Errno.ENAMETOOLONG, () -> rename("file", name));
    assertFails(Errno.ENAMETOOLONG, () -> rename(name, "new"));
    assertFails(Errno.ENAMETOOLONG, () -> posix().stat("directory/" + name));
  }

  @Test
  default void aPathMayBeAlmost4096BytesLong() throws Exception {
    String path = "d".repeat(200);
    posix().mkdir(path, 0755);
    while (path.length() < 3500) {
      path += "/" + "d".repeat(200);
      posix().mkdir(path, 0755);
    }
    write(path + "/file", "deep");
    assertThat(content(path + "/file")).isEqualTo("deep");
    String tooLong = path + "/" + "n/".repeat(400);
    assertFails(Errno.ENAMETOOLONG, () -> posix().stat(tooLong));
  }
}
