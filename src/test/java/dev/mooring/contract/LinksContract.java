package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.FileType;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;

/** Symbolic and hard links. */
interface LinksContract extends Subject {

  @Test
  @SemanticsRow("symlink.target")
  default void aLinkKeepsItsTargetToTheByte() throws Exception {
    String[] targets = {
      "file", "../up/and/away", "with space", Posix.utf8("größe"), "a".repeat(1000)
    };
    for (int i = 0; i < targets.length; i++) {
      posix().symlink(targets[i], "link" + i);
      assertThat(posix().readlink("link" + i)).isEqualTo(targets[i]);
      Attributes link = posix().lstat("link" + i);
      assertThat(link.type()).isEqualTo(FileType.SYMLINK);
      assertThat(link.size()).isEqualTo(targets[i].length());
    }
  }

  @Test
  @SemanticsRow("symlink.target")
  default void theLongestTargetIsNotCut() throws Exception {
    String longest = "t/".repeat(2047) + "t";
    posix().symlink(longest, "link");
    assertThat(posix().readlink("link")).isEqualTo(longest);
  }

  @Test
  default void statFollowsALinkAndLstatDoesNot() throws Exception {
    write("file", "content");
    posix().symlink("file", "link");
    assertThat(posix().stat("link").type()).isEqualTo(FileType.REGULAR);
    assertThat(posix().stat("link").size()).isEqualTo(7);
    assertThat(posix().lstat("link").type()).isEqualTo(FileType.SYMLINK);
    assertThat(content("link")).isEqualTo("content");
  }

  @Test
  default void writingThroughALinkChangesTheTarget() throws Exception {
    write("file", "old");
    posix().symlink("file", "link");
    write("link", "new");
    assertThat(content("file")).isEqualTo("new");
    assertThat(posix().readlink("link")).isEqualTo("file");
  }

  @Test
  default void linksToDirectoriesAreWalkedThrough() throws Exception {
    posix().mkdir("directory", 0755);
    write("directory/file", "content");
    posix().mkdir("other", 0755);
    posix().symlink("../directory", "other/link");
    assertThat(content("other/link/file")).isEqualTo("content");
    assertThat(posix().readdir("other/link")).containsExactly("file");
  }

  @Test
  default void aDanglingLinkIsThereAndLeadsNowhere() throws Exception {
    posix().symlink("missing", "link");
    assertThat(exists("link")).isTrue();
    assertThat(posix().readdir("")).containsExactly("link");
    assertFails(Errno.ENOENT, () -> posix().stat("link"));
    assertFails(Errno.ENOENT, () -> posix().open("link", 0, READ));
  }

  @Test
  default void aLoopOfLinksIsFound() throws Exception {
    posix().symlink("two", "one");
    posix().symlink("one", "two");
    assertFails(Errno.ELOOP, () -> posix().stat("one"));
  }

  @Test
  default void unlinkRemovesTheLinkAndNotTheTarget() throws Exception {
    write("file", "content");
    posix().symlink("file", "link");
    posix().unlink("link");
    assertThat(exists("link")).isFalse();
    assertThat(content("file")).isEqualTo("content");
  }

  @Test
  default void readlinkOfSomethingElseIsInvalid() throws Exception {
    write("file", "");
    posix().mkdir("directory", 0755);
    assertFails(Errno.EINVAL, () -> posix().readlink("file"));
    assertFails(Errno.EINVAL, () -> posix().readlink("directory"));
    assertFails(Errno.ENOENT, () -> posix().readlink("missing"));
  }

  @Test
  @SemanticsRow("link.hard")
  default void hardLinksShareOneFile() throws Exception {
    write("file", "content");
    if (!linked("file", "link")) {
      return;
    }
    assertThat(content("link")).isEqualTo("content");
    write("link", "changed");
    posix().unlink("file");
    assertThat(content("link")).isEqualTo("changed");
  }

  @Test
  @SemanticsRow("link.identity")
  default void hardLinksAreCounted() throws Exception {
    write("file", "");
    if (!linked("file", "link")) {
      return;
    }
    assertThat(posix().stat("link").links()).isEqualTo(lacks(Capability.LINK_COUNT) ? 1 : 2);
    if (!lacks(Capability.LINK_IDENTITY)) {
      assertThat(posix().stat("link").inode()).isEqualTo(posix().stat("file").inode());
    }
    posix().unlink("file");
    assertThat(posix().stat("link").links()).isEqualTo(1);
  }

  @Test
  default void linkTellsWhyNot() throws Exception {
    write("file", "");
    if (!linked("file", "link")) {
      return;
    }
    posix().mkdir("directory", 0755);
    assertFails(Errno.EPERM, () -> posix().link("directory", "new"));
    assertFails(Errno.EEXIST, () -> posix().link("file", "directory"));
    assertFails(Errno.EEXIST, () -> posix().link("file", "file"));
    assertFails(Errno.ENOENT, () -> posix().link("missing", "new"));
    assertFails(Errno.ENOENT, () -> posix().link("file", "missing/new"));
  }

  @Test
  default void symlinkTellsWhyNot() throws Exception {
    write("file", "");
    assertFails(Errno.EEXIST, () -> posix().symlink("target", "file"));
    assertFails(Errno.ENOENT, () -> posix().symlink("target", "missing/link"));
    assertFails(Errno.ENOENT, () -> posix().symlink("", "link"));
    assertFails(Errno.ENAMETOOLONG, () -> posix().symlink("t".repeat(4096), "link"));
  }
}
