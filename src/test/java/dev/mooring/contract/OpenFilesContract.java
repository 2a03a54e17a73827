package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.APPEND;
import static dev.mooring.contract.Posix.Flag.READ;
import static dev.mooring.contract.Posix.Flag.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Errno;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;

/** Files that lose or change their name while they are open. */
interface OpenFilesContract extends Subject {

  @Test
  @SemanticsRow("unlink.open")
  default void anUnlinkedFileStaysReadable() throws Exception {
    write("file", "content");
    int file = posix().open("file", 0, READ);
    posix().unlink("file");
    assertThat(exists("file")).isFalse();
    assertThat(posix().readdir("")).isEmpty();
    assertThat(content(file)).isEqualTo("content");
    assertThat(posix().fstat(file).size()).isEqualTo(7);
    assertThat(posix().fstat(file).links()).isZero();
    posix().close(file);
  }

  @Test
  @SemanticsRow("unlink.open")
  default void anUnlinkedFileStaysWritable() throws Exception {
    int file = openBoth("file");
    pwrite(file, "before", 0);
    posix().unlink("file");
    pwrite(file, " and after", 6);
    posix().fsync(file);
    assertThat(content(file)).isEqualTo("before and after");
    posix().ftruncate(file, 6);
    assertThat(content(file)).isEqualTo("before");
    posix().close(file);
    assertThat(exists("file")).isFalse();
  }

  @Test
  default void anUnlinkedFileIsNotTheNewOneOfItsName() throws Exception {
    write("file", "old");
    int old = openBoth("file");
    posix().unlink("file");
    write("file", "the new one");
    pwrite(old, "OLD", 0);
    assertThat(content(old)).isEqualTo("OLD");
    assertThat(content("file")).isEqualTo("the new one");
    assertThat(posix().fstat(old).inode()).isNotEqualTo(posix().stat("file").inode());
    posix().close(old);
    assertThat(content("file")).isEqualTo("the new one");
  }

  @Test
  default void timesOfAnUnlinkedFileCanBeSet() throws Exception {
    int file = openBoth("file");
    posix().unlink("file");
    posix().futimens(file, KEEP, new TimeChange.Set(2000));
    assertThat(posix().fstat(file).modifiedSeconds()).isEqualTo(2000);
    posix().close(file);
  }

  @Test
  default void aDirectoryWhoseUnlinkedFileIsOpenCanBeRemoved() throws Exception {
    posix().mkdir("directory", 0755);
    int file = openBoth("directory/file");
    posix().unlink("directory/file");
    posix().rmdir("directory");
    pwrite(file, "content", 0);
    assertThat(content(file)).isEqualTo("content");
    posix().close(file);
    assertThat(posix().readdir("")).isEmpty();
  }

  @Test
  default void renameOverOpenFileKeepsItReadable() throws Exception {
    write("file", "old");
    write("other", "new");
    int old = posix().open("file", 0, READ);
    rename("other", "file");
    assertThat(content(old)).isEqualTo("old");
    assertThat(content("file")).isEqualTo("new");
    posix().close(old);
    assertThat(content("file")).isEqualTo("new");
  }

  @Test
  @SemanticsRow("rename.open")
  default void anOpenFileGoesWithItsNewName() throws Exception {
    int file = openBoth("old");
    pwrite(file, "before", 0);
    rename("old", "new");
    pwrite(file, " and after", 6);
    assertThat(content("new")).isEqualTo("before and after");
    assertThat(posix().stat("new").size()).isEqualTo(16);
    posix().ftruncate(file, 6);
    posix().close(file);
    assertThat(content("new")).isEqualTo("before");
    assertThat(exists("old")).isFalse();
  }

  @Test
  default void anOpenFileGoesWithItsDirectory() throws Exception {
    posix().mkdir("old", 0755);
    int file = openBoth("old/file");
    pwrite(file, "before", 0);
    rename("old", "new");
    write("new/other", "");
    pwrite(file, " and after", 6);
    assertThat(posix().fstat(file).size()).isEqualTo(16);
    posix().close(file);
    assertThat(content("new/file")).isEqualTo("before and after");
  }

  @Test
  @SemanticsRow("rename.open")
  default void anOpenFileIsNotTheNewOneOfItsOldName() throws Exception {
    int file = openBoth("name");
    pwrite(file, "first", 0);
    rename("name", "moved");
    write("name", "second");
    pwrite(file, "FIRST", 0);
    posix().close(file);
    assertThat(content("moved")).isEqualTo("FIRST");
    assertThat(content("name")).isEqualTo("second");
  }

  @Test
  default void unlinkingOneOfTwoNamesLeavesTheOther() throws Exception {
    write("file", "content");
    if (!linked("file", "link")) {
      return;
    }
    int file = posix().open("file", 0, READ, WRITE);
    posix().unlink("file");
    pwrite(file, "CON", 0);
    posix().close(file);
    assertThat(content("link")).isEqualTo("CONtent");
  }

  @Test
  default void editorsSaveByRenamingOver() throws Exception {
    write("document", "version 1");
    int reader = posix().open("document", 0, READ);
    int save = openBoth("document.tmp");
    pwrite(save, "version 2", 0);
    posix().fsync(save);
    rename("document", "document~");
    rename("document.tmp", "document");
    posix().close(save);
    assertThat(content(reader)).isEqualTo("version 1");
    assertThat(content("document")).isEqualTo("version 2");
    assertThat(content("document~")).isEqualTo("version 1");
    posix().close(reader);
  }

  @Test
  default void syncfsTakesNothingFromWhatIsOpen() throws Exception {
    int one = openBoth("one");
    int other = openBoth("other");
    pwrite(one, "first", 0);
    pwrite(other, "second", 0);
    posix().unlink("other");
    posix().syncfs(one);
    pwrite(one, " and more", 5);
    assertThat(content("one")).isEqualTo("first and more");
    assertThat(content(other)).isEqualTo("second");
    posix().close(one);
    posix().close(other);
    assertFails(Errno.EBADF, () -> posix().syncfs(one));
  }

  @Test
  default void aDescriptorAllowsWhatItWasOpenedFor() throws Exception {
    write("file", "content");
    int reader = posix().open("file", 0, READ);
    int writer = posix().open("file", 0, WRITE);
    int log = posix().open("file", 0, WRITE, APPEND);
    assertFails(Errno.EBADF, () -> pwrite(reader, "no", 0));
    assertFails(Errno.EBADF, () -> posix().pread(writer, 1, 0));
    assertFails(Errno.EBADF, () -> posix().pread(log, 1, 0));
    assertFails(Errno.EINVAL, () -> posix().ftruncate(reader, 0));
    assertFails(Errno.EBADF, () -> posix().fallocate(reader, 0, 100));
    assertFails(Errno.EINVAL, () -> posix().fallocate(writer, 0, 0));
    assertFails(Errno.EBADF, () -> posix().copyFileRange(writer, 0, log, 0, 1));
    assertFails(Errno.EBADF, () -> posix().copyFileRange(reader, 0, reader, 0, 1));
    posix().close(reader);
    posix().close(writer);
    posix().close(log);
    assertThat(content("file")).isEqualTo("content");
  }
}
