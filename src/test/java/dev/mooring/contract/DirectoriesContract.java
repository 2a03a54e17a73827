package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Statistics;
import dev.mooring.testing.SemanticsRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making, listing and removing directories. */
interface DirectoriesContract extends Subject {

  @Test
  default void theRootIsAnEmptyDirectory() throws Exception {
    assertThat(posix().stat("").type()).isEqualTo(FileType.DIRECTORY);
    assertThat(posix().readdir("")).isEmpty();
  }

  @Test
  default void aNewDirectoryIsEmptyAndCallersOwn() throws Exception {
    posix().mkdir("directory", 0750);
    Attributes made = posix().stat("directory");
    assertThat(made.type()).isEqualTo(FileType.DIRECTORY);
    assertThat(made.permissions()).isEqualTo(0750);
    assertThat(made.uid()).isZero();
    assertThat(posix().readdir("directory")).isEmpty();
  }

  @Test
  default void namesAreFoundBelowDirectories() throws Exception {
    posix().mkdir("a", 0755);
    posix().mkdir("a/b", 0755);
    write("a/b/file", "deep");
    assertThat(content("a/b/file")).isEqualTo("deep");
    assertThat(content("a/../a/./b//file")).isEqualTo("deep");
    assertThat(posix().readdir("")).containsExactly("a");
    assertThat(posix().readdir("a")).containsExactly("b");
    assertThat(posix().readdir("a/b")).containsExactly("file");
  }

  @Test
  @SemanticsRow("readdir.snapshot")
  default void aListingHasEveryNameOnce() throws Exception {
    List<String> names = IntStream.range(0, 250).mapToObj(i -> "entry-" + i).toList();
    posix().mkdir("directory", 0755);
    for (String name : names) {
      write("directory/" + name, "");
    }
    assertThat(posix().readdir("directory")).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  default void aListingShowsWhatWasMadeAndRemovedBefore() throws Exception {
    write("one", "");
    assertThat(posix().readdir("")).containsExactly("one");
    write("two", "");
    assertThat(posix().readdir("")).containsExactlyInAnyOrder("one", "two");
    posix().unlink("one");
    assertThat(posix().readdir("")).containsExactly("two");
  }

  @Test
  @SemanticsRow("readdir.snapshot")
  default void unlinkingWhileListingMissesNothing() throws Exception {
    posix().mkdir("directory", 0755);
    for (int i = 0; i < 150; i++) {
      write("directory/entry-" + i, "");
    }
    List<String> removed = new ArrayList<>();
    posix()
        .readdir(
            "directory",
            name -> {
              removed.add(name);
              return unlinked("directory/" + name);
            });
    assertThat(removed).hasSize(150).doesNotHaveDuplicates();
    posix().rmdir("directory");
    assertThat(exists("directory")).isFalse();
  }

  private boolean unlinked(String path) {
    try {
      posix().unlink(path);
      return true;
    } catch (Exception e) {
      throw new AssertionError(path, e);
    }
  }

  @Test
  default void aListingMayEndEarly() throws Exception {
    for (int i = 0; i < 40; i++) {
      write("entry-" + i, "");
    }
    List<String> seen = new ArrayList<>();
    posix()
        .readdir(
            "",
            name -> {
              seen.add(name);
              return seen.size() < 3;
            });
    assertThat(seen).hasSizeBetween(3, 40).doesNotHaveDuplicates();
  }

  @Test
  @SemanticsRow("errno.not-empty")
  default void rmdirRemovesOnlyEmptyDirectories() throws Exception {
    posix().mkdir("directory", 0755);
    write("directory/file", "");
    assertFails(Errno.ENOTEMPTY, () -> posix().rmdir("directory"));
    posix().unlink("directory/file");
    posix().rmdir("directory");
    assertThat(exists("directory")).isFalse();
  }

  @Test
  default void makingAndRemovingEntriesMovesTheDirectorysTime() throws Exception {
    posix().mkdir("directory", 0755);
    setTimes("directory", 1000, 1000);
    write("directory/file", "");
    assertThat(posix().stat("directory").modifiedSeconds()).isGreaterThan(1000);
    setTimes("directory", 1000, 1000);
    posix().unlink("directory/file");
    assertThat(posix().stat("directory").modifiedSeconds()).isGreaterThan(1000);
  }

  @Test
  default void whatIsMadeInASetgidDirectoryHasItsGroup() throws Exception {
    posix().mkdir("shared", 0755);
    posix().lchown("shared", 0, 4242);
    posix().chmod("shared", 02775);
    write("shared/file", "");
    posix().mkdir("shared/directory", 0755);
    assertThat(posix().stat("shared/file").gid()).isEqualTo(4242);
    assertThat(posix().stat("shared/directory").gid()).isEqualTo(4242);
    assertThat(posix().stat("shared/directory").permissions()).isEqualTo(02755);
  }

  @Test
  @SemanticsRow("inode.stable")
  default void inodeNumbersDifferAndStay() throws Exception {
    write("file", "");
    posix().mkdir("directory", 0755);
    long file = posix().stat("file").inode();
    assertThat(posix().stat("directory").inode()).isNotEqualTo(file);
    write("other", "");
    write("file", "changed");
    assertThat(posix().stat("file").inode()).isEqualTo(file);
    rename("file", "directory/moved");
    assertThat(posix().stat("directory/moved").inode()).isEqualTo(file);
  }

  @Test
  @SemanticsRow("statfs.server")
  default void statvfsSaysHowFullItIs() throws Exception {
    Statistics statistics = posix().statvfs("");
    assertThat(statistics.blockSize()).isPositive();
    assertThat(statistics.blocks()).isPositive();
    assertThat(statistics.freeBlocks()).isBetween(0L, statistics.blocks());
    assertThat(statistics.availableBlocks()).isBetween(0L, statistics.freeBlocks());
    assertThat(statistics.maxNameBytes()).isEqualTo(255);
    assertThat(statistics.readOnly()).isFalse();
  }
}
