package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.APPEND;
import static dev.mooring.contract.Posix.Flag.CREATE;
import static dev.mooring.contract.Posix.Flag.EXCLUSIVE;
import static dev.mooring.contract.Posix.Flag.READ;
import static dev.mooring.contract.Posix.Flag.TRUNCATE;
import static dev.mooring.contract.Posix.Flag.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.FileType;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;

/** Making, writing, reading and removing files. */
interface FilesContract extends Subject {

  @Test
  default void whatWasWrittenIsRead() throws Exception {
    write("file", "some content");
    assertThat(content("file")).isEqualTo("some content");
  }

  @Test
  default void aNewFileIsEmptyRegularAndCallersOwn() throws Exception {
    posix().close(posix().open("file", 0640, WRITE, CREATE));
    Attributes made = posix().stat("file");
    assertThat(made.type()).isEqualTo(FileType.REGULAR);
    assertThat(made.permissions()).isEqualTo(0640);
    assertThat(made.size()).isZero();
    assertThat(made.uid()).isZero();
    assertThat(made.gid()).isZero();
    assertThat(made.links()).isEqualTo(1);
  }

  @Test
  @SemanticsRow("open.create")
  default void theUmaskIsTakenOutOfPermissions() throws Exception {
    posix().close(posix().open("file", 0666, WRITE, CREATE));
    posix().mkdir("directory", 0777);
    assertThat(posix().stat("file").permissions()).isEqualTo(0644);
    assertThat(posix().stat("directory").permissions()).isEqualTo(0755);
  }

  @Test
  default void permissionsDoNotCountForTheOpenThatCreates() throws Exception {
    int file = posix().open("file", 0400, READ, WRITE, CREATE);
    pwrite(file, "content", 0);
    assertThat(content(file)).isEqualTo("content");
    posix().close(file);
    assertThat(posix().stat("file").permissions()).isEqualTo(0400);
  }

  @Test
  @SemanticsRow("open.create")
  default void openWithCreateLeavesWhatIsThere() throws Exception {
    write("file", "content");
    posix().chmod("file", 0600);
    posix().close(posix().open("file", 0666, WRITE, CREATE));
    assertThat(content("file")).isEqualTo("content");
    assertThat(posix().stat("file").permissions()).isEqualTo(0600);
  }

  @Test
  @SemanticsRow("open.exclusive")
  default void exclusiveCreationRefusesWhatIsThere() throws Exception {
    write("file", "content");
    posix().mkdir("directory", 0755);
    posix().symlink("nowhere", "link");
    for (String taken : new String[] {"file", "directory", "link"}) {
      assertFails(Errno.EEXIST, () -> posix().open(taken, 0644, WRITE, CREATE, EXCLUSIVE));
    }
    posix().close(posix().open("new", 0644, WRITE, CREATE, EXCLUSIVE));
    assertThat(posix().stat("new").size()).isZero();
  }

  @Test
  @SemanticsRow("open.truncate")
  default void openWithTruncateEmptiesTheFile() throws Exception {
    write("file", "content");
    posix().close(posix().open("file", 0, WRITE, TRUNCATE));
    assertThat(posix().stat("file").size()).isZero();
  }

  @Test
  default void truncationIsSeenThroughOtherDescriptors() throws Exception {
    write("file", "content");
    int file = posix().open("file", 0, READ);
    posix().close(posix().open("file", 0, WRITE, TRUNCATE));
    assertThat(content(file)).isEmpty();
    assertThat(posix().fstat(file).size()).isZero();
    posix().close(file);
  }

  @Test
  default void writesLandAtTheirOffsets() throws Exception {
    int file = openBoth("file");
    pwrite(file, "0123456789", 0);
    pwrite(file, "abc", 3);
    pwrite(file, "XY", 9);
    assertThat(content(file)).isEqualTo("012abc678XY");
    posix().close(file);
    assertThat(content("file")).isEqualTo("012abc678XY");
  }

  @Test
  @SemanticsRow("write.visible")
  default void writesAreSeenThroughOtherDescriptorsAtOnce() throws Exception {
    int writer = openBoth("file");
    int reader = posix().open("file", 0, READ);
    pwrite(writer, "first", 0);
    assertThat(content(reader)).isEqualTo("first");
    assertThat(posix().fstat(reader).size()).isEqualTo(5);
    assertThat(posix().stat("file").size()).isEqualTo(5);
    pwrite(writer, "again", 5);
    assertThat(content(reader)).isEqualTo("firstagain");
    posix().close(reader);
    posix().close(writer);
  }

  @Test
  default void readingStopsAtTheEnd() throws Exception {
    write("file", "content");
    int file = posix().open("file", 0, READ);
    assertThat(posix().pread(file, 100, 4)).asString().isEqualTo("ent");
    assertThat(posix().pread(file, 100, 7)).isEmpty();
    assertThat(posix().pread(file, 100, 1L << 40)).isEmpty();
    posix().close(file);
  }

  @Test
  default void aWriteOfNothingChangesNothing() throws Exception {
    int file = openBoth("file");
    pwrite(file, "", 100);
    assertThat(posix().fstat(file).size()).isZero();
    posix().close(file);
  }

  @Test
  default void truncateCutsOffAndExtendsWithZeros() throws Exception {
    write("file", "content");
    posix().truncate("file", 4);
    assertThat(content("file")).isEqualTo("cont");
    posix().truncate("file", 7);
    assertThat(content("file")).isEqualTo("cont\0\0\0");
    assertThat(posix().stat("file").size()).isEqualTo(7);
  }

  @Test
  @SemanticsRow("write.truncate")
  default void truncateFollowsWritesThatAreStillPending() throws Exception {
    int file = openBoth("file");
    pwrite(file, "content", 0);
    posix().ftruncate(file, 3);
    assertThat(posix().fstat(file).size()).isEqualTo(3);
    pwrite(file, "!", 5);
    assertThat(content(file)).isEqualTo("con\0\0!");
    posix().truncate("file", 1);
    assertThat(content(file)).isEqualTo("c");
    posix().close(file);
    assertThat(content("file")).isEqualTo("c");
  }

  @Test
  @SemanticsRow("write.append")
  default void appendingGoesToTheEndWhateverTheOffset() throws Exception {
    write("file", "one");
    int log = posix().open("file", 0, WRITE, APPEND);
    pwrite(log, " two", 0);
    pwrite(log, " three", 1);
    posix().close(log);
    assertThat(content("file")).isEqualTo("one two three");
  }

  @Test
  @SemanticsRow("write.append")
  default void twoWhoAppendLoseNothing() throws Exception {
    int one = posix().open("file", 0644, WRITE, CREATE, APPEND);
    int other = posix().open("file", 0644, WRITE, APPEND);
    for (int i = 0; i < 10; i++) {
      pwrite(one, "a", 0);
      pwrite(other, "b", 0);
    }
    posix().close(one);
    posix().close(other);
    assertThat(content("file")).isEqualTo("ab".repeat(10));
  }

  @Test
  default void appendingGoesOnBehindTheWritesOfOthers() throws Exception {
    int log = posix().open("file", 0644, WRITE, CREATE, APPEND);
    int other = posix().open("file", 0, WRITE);
    pwrite(other, "0123456789", 0);
    pwrite(log, "!", 0);
    posix().ftruncate(other, 5);
    pwrite(log, "?", 0);
    posix().close(other);
    posix().close(log);
    assertThat(content("file")).isEqualTo("01234?");
  }

  @Test
  @SemanticsRow("write.close")
  default void fsyncKeepsWhatWasWritten() throws Exception {
    int file = openBoth("file");
    pwrite(file, "content", 0);
    posix().fsync(file);
    assertThat(content("file")).isEqualTo("content");
    posix().close(file);
  }

  @Test
  default void unlinkRemovesTheName() throws Exception {
    write("file", "content");
    posix().unlink("file");
    assertThat(exists("file")).isFalse();
    assertThat(posix().readdir("")).isEmpty();
  }

  @Test
  default void aNameCanBeMadeAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      assertFails(Errno.ENOENT, () -> posix().stat("name"));
      write("name", "round " + round);
      assertThat(content("name")).isEqualTo("round " + round);
      posix().unlink("name");
      posix().mkdir("name", 0755);
      assertThat(posix().stat("name").type()).isEqualTo(FileType.DIRECTORY);
      posix().rmdir("name");
    }
  }

  @Test
  @SemanticsRow("write.allocate")
  default void allocationExtendsAndNeverShrinks() throws Exception {
    int file = openBoth("file");
    pwrite(file, "content", 0);
    posix().fallocate(file, 4, 6);
    assertThat(content(file)).isEqualTo("content\0\0\0");
    posix().fallocate(file, 0, 2);
    assertThat(posix().fstat(file).size()).isEqualTo(10);
    posix().close(file);
  }

  @Test
  @SemanticsRow("write.copy")
  default void copyFileRangeCopiesUpToTheEnd() throws Exception {
    write("from", "0123456789");
    write("to", "abcdefghij");
    int from = posix().open("from", 0, READ);
    int to = openBoth("to");
    assertThat(posix().copyFileRange(from, 2, to, 4, 3)).isEqualTo(3);
    assertThat(content(to)).isEqualTo("abcd234hij");
    assertThat(posix().copyFileRange(from, 7, to, 10, 100)).isEqualTo(3);
    assertThat(content(to)).isEqualTo("abcd234hij789");
    assertThat(posix().copyFileRange(from, 10, to, 0, 100)).isZero();
    posix().close(from);
    posix().close(to);
  }

  @Test
  @SemanticsRow("write.copy")
  default void copyFileRangeTakesPendingWritesAlong() throws Exception {
    int from = openBoth("from");
    int to = openBoth("to");
    pwrite(from, "fresh", 0);
    assertThat(posix().copyFileRange(from, 0, to, 0, 5)).isEqualTo(5);
    assertThat(content(to)).isEqualTo("fresh");
    posix().close(from);
    posix().close(to);
  }
}
