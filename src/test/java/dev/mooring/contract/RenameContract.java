package dev.mooring.contract;

import static dev.mooring.fs.RenameFlags.EXCHANGE;
import static dev.mooring.fs.RenameFlags.NO_REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;

/** Moving entries. */
interface RenameContract extends Subject {

  @Test
  default void renameMovesAFile() throws Exception {
    posix().mkdir("directory", 0755);
    write("old", "content");
    rename("old", "directory/new");
    assertThat(exists("old")).isFalse();
    assertThat(content("directory/new")).isEqualTo("content");
    assertThat(posix().readdir("")).containsExactly("directory");
  }

  @Test
  @SemanticsRow("rename.replaces")
  default void renameReplacesAFile() throws Exception {
    write("old", "from");
    write("new", "to be replaced");
    rename("old", "new");
    assertThat(exists("old")).isFalse();
    assertThat(content("new")).isEqualTo("from");
    assertThat(posix().stat("new").size()).isEqualTo(4);
    assertThat(posix().readdir("")).containsExactly("new");
  }

  @Test
  default void renameMovesADirectoryWithAllBelow() throws Exception {
    posix().mkdir("old", 0755);
    posix().mkdir("old/inner", 0755);
    write("old/inner/file", "deep");
    rename("old", "new");
    assertThat(content("new/inner/file")).isEqualTo("deep");
    assertFails(Errno.ENOENT, () -> posix().stat("old/inner/file"));
    write("new/inner/file", "changed");
    assertThat(content("new/inner/file")).isEqualTo("changed");
    posix().mkdir("old", 0755);
    assertThat(posix().readdir("old")).isEmpty();
  }

  @Test
  @SemanticsRow("rename.siblings")
  default void renameLeavesSiblingsWithTheSameBeginningAlone() throws Exception {
    posix().mkdir("name", 0755);
    posix().mkdir("name-longer", 0755);
    write("name/file", "one");
    write("name-longer/file", "two");
    rename("name", "other");
    assertThat(content("other/file")).isEqualTo("one");
    assertThat(content("name-longer/file")).isEqualTo("two");
  }

  @Test
  default void renameReplacesAnEmptyDirectory() throws Exception {
    posix().mkdir("old", 0755);
    write("old/file", "content");
    posix().mkdir("new", 0755);
    rename("old", "new");
    assertThat(content("new/file")).isEqualTo("content");
    assertThat(exists("old")).isFalse();
  }

  @Test
  default void renameOntoItselfChangesNothing() throws Exception {
    write("file", "content");
    rename("file", "file");
    assertThat(content("file")).isEqualTo("content");
  }

  @Test
  default void renameOntoAnotherNameOfTheSameFileChangesNothing() throws Exception {
    write("file", "content");
    if (!linked("file", "link")) {
      return;
    }
    rename("file", "link");
    assertThat(posix().readdir("")).containsExactlyInAnyOrder("file", "link");
  }

  @Test
  default void renameMovesALinkAndNotItsTarget() throws Exception {
    write("file", "content");
    posix().symlink("file", "link");
    rename("link", "moved");
    assertThat(posix().readlink("moved")).isEqualTo("file");
    assertThat(content("file")).isEqualTo("content");
    assertThat(exists("link")).isFalse();
  }

  @Test
  default void whatReplacedAFileIsNotShadowedByIt() throws Exception {
    write("config", "old");
    for (int round = 0; round < 5; round++) {
      write("config.new", "round " + round);
      rename("config.new", "config");
      assertThat(content("config")).isEqualTo("round " + round);
      assertThat(exists("config.new")).isFalse();
    }
  }

  @Test
  @SemanticsRow("errno.not-empty")
  default void renameTellsWhyNot() throws Exception {
    write("file", "");
    posix().mkdir("directory", 0755);
    posix().mkdir("full", 0755);
    write("full/file", "");
    assertFails(Errno.ENOENT, () -> rename("missing", "new"));
    assertFails(Errno.ENOENT, () -> rename("file", "missing/new"));
    assertFails(Errno.ENOTDIR, () -> rename("file", "file/new"));
    assertFails(Errno.EISDIR, () -> rename("file", "directory"));
    assertFails(Errno.ENOTDIR, () -> rename("directory", "file"));
    assertFails(Errno.ENOTEMPTY, () -> rename("directory", "full"));
    assertThat(posix().readdir("")).containsExactlyInAnyOrder("file", "directory", "full");
  }

  @Test
  @SemanticsRow("errno.subtree")
  default void aDirectoryCannotGoBelowItselfNorOverItsAncestor() throws Exception {
    posix().mkdir("outer", 0755);
    posix().mkdir("outer/inner", 0755);
    assertFails(Errno.EINVAL, () -> rename("outer", "outer/inner/new"));
    assertFails(Errno.EINVAL, () -> rename("outer", "outer/new"));
    assertFails(Errno.ENOTEMPTY, () -> rename("outer/inner", "outer"));
    assertThat(posix().readdir("outer")).containsExactly("inner");
  }

  @Test
  @SemanticsRow("rename.no-replace")
  default void noReplaceLeavesWhatIsThere() throws Exception {
    write("old", "from");
    write("new", "to");
    assertFails(Errno.EEXIST, () -> posix().rename("old", "new", NO_REPLACE));
    assertThat(content("old")).isEqualTo("from");
    assertThat(content("new")).isEqualTo("to");
    if (lacks(Capability.NO_REPLACE)) {
      assertFails(Errno.EINVAL, () -> posix().rename("old", "free", NO_REPLACE));
      assertThat(content("old")).isEqualTo("from");
    } else {
      posix().rename("old", "free", NO_REPLACE);
      assertThat(content("free")).isEqualTo("from");
      assertThat(exists("old")).isFalse();
    }
  }

  @Test
  @SemanticsRow("rename.exchange")
  default void exchangeSwapsTwoEntries() throws Exception {
    write("file", "content");
    posix().mkdir("directory", 0755);
    write("directory/inner", "deep");
    if (lacks(Capability.EXCHANGE)) {
      assertFails(Errno.EINVAL, () -> posix().rename("file", "directory", EXCHANGE));
      assertThat(content("file")).isEqualTo("content");
    } else {
      posix().rename("file", "directory", EXCHANGE);
      assertThat(content("directory")).isEqualTo("content");
      assertThat(content("file/inner")).isEqualTo("deep");
      assertFails(Errno.ENOENT, () -> posix().rename("file", "missing", EXCHANGE));
      assertFails(Errno.EINVAL, () -> posix().rename("file", "file/inner", EXCHANGE));
    }
  }
}
