package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.CREATE;
import static dev.mooring.contract.Posix.Flag.READ;
import static dev.mooring.contract.Posix.Flag.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.Errno;
import dev.mooring.testing.SemanticsRow;
import org.junit.jupiter.api.Test;

/** Which error each verb ends with, where no other theme has said so. */
interface ErrnoContract extends Subject {

  @Test
  @SemanticsRow("errno.missing")
  default void whatIsMissingIsNotFound() throws Exception {
    assertFails(Errno.ENOENT, () -> posix().stat("missing"));
    assertFails(Errno.ENOENT, () -> posix().lstat("missing"));
    assertFails(Errno.ENOENT, () -> posix().open("missing", 0, READ));
    assertFails(Errno.ENOENT, () -> posix().open("missing", 0, WRITE));
    assertFails(Errno.ENOENT, () -> posix().unlink("missing"));
    assertFails(Errno.ENOENT, () -> posix().rmdir("missing"));
    assertFails(Errno.ENOENT, () -> posix().chmod("missing", 0644));
    assertFails(Errno.ENOENT, () -> posix().lchown("missing", 1, 1));
    assertFails(Errno.ENOENT, () -> posix().truncate("missing", 0));
    assertFails(Errno.ENOENT, () -> posix().utimensat("missing", NOW, NOW));
    assertFails(Errno.ENOENT, () -> posix().readdir("missing"));
  }

  @Test
  @SemanticsRow("errno.missing")
  default void nothingIsMadeBelowWhatIsMissing() throws Exception {
    assertFails(Errno.ENOENT, () -> posix().open("missing/file", 0644, WRITE, CREATE));
    assertFails(Errno.ENOENT, () -> posix().mkdir("missing/directory", 0755));
    assertFails(Errno.ENOENT, () -> posix().stat("missing/file"));
    assertThat(posix().readdir("")).isEmpty();
  }

  @Test
  @SemanticsRow("errno.not-directory")
  default void nothingIsBelowAFile() throws Exception {
    write("file", "");
    assertFails(Errno.ENOTDIR, () -> posix().stat("file/below"));
    assertFails(Errno.ENOTDIR, () -> posix().open("file/below", 0, READ));
    assertFails(Errno.ENOTDIR, () -> posix().open("file/below", 0644, WRITE, CREATE));
    assertFails(Errno.ENOTDIR, () -> posix().mkdir("file/below", 0755));
    assertFails(Errno.ENOTDIR, () -> posix().unlink("file/below"));
    assertFails(Errno.ENOTDIR, () -> posix().rmdir("file/below"));
    assertFails(Errno.ENOTDIR, () -> posix().symlink("target", "file/below"));
    assertFails(Errno.ENOTDIR, () -> rename("file/below", "new"));
    assertFails(Errno.ENOTDIR, () -> posix().stat("file/"));
  }

  @Test
  @SemanticsRow("errno.is-directory")
  default void directoriesAreNotFiles() throws Exception {
    posix().mkdir("directory", 0755);
    assertFails(Errno.EISDIR, () -> posix().open("directory", 0, WRITE));
    assertFails(Errno.EISDIR, () -> posix().open("directory", 0, READ, WRITE));
    assertFails(Errno.EISDIR, () -> posix().open("directory", 0644, WRITE, CREATE));
    assertFails(Errno.EISDIR, () -> posix().unlink("directory"));
    assertFails(Errno.EISDIR, () -> posix().truncate("directory", 0));
  }

  @Test
  @SemanticsRow("errno.not-directory")
  default void filesAreNotDirectories() throws Exception {
    write("file", "");
    posix().symlink("directory", "link");
    posix().mkdir("directory", 0755);
    assertFails(Errno.ENOTDIR, () -> posix().rmdir("file"));
    assertFails(Errno.ENOTDIR, () -> posix().rmdir("link"));
    assertThat(posix().readdir("")).containsExactlyInAnyOrder("file", "link", "directory");
  }

  @Test
  @SemanticsRow("errno.exists")
  default void mkdirRefusesWhatIsThere() throws Exception {
    write("file", "");
    posix().mkdir("directory", 0755);
    posix().symlink("missing", "link");
    assertFails(Errno.EEXIST, () -> posix().mkdir("file", 0755));
    assertFails(Errno.EEXIST, () -> posix().mkdir("directory", 0755));
    assertFails(Errno.EEXIST, () -> posix().mkdir("link", 0755));
  }

  @Test
  default void aNegativeSizeIsInvalid() throws Exception {
    write("file", "content");
    assertFails(Errno.EINVAL, () -> posix().truncate("file", -1));
    int file = openBoth("file");
    assertFails(Errno.EINVAL, () -> posix().ftruncate(file, -1));
    assertFails(Errno.EINVAL, () -> posix().pread(file, 1, -1));
    assertFails(Errno.EINVAL, () -> pwrite(file, "no", -1));
    posix().close(file);
    assertThat(content("file")).isEqualTo("content");
  }

  @Test
  default void aFailureLeavesNothingBehind() throws Exception {
    posix().mkdir("directory", 0755);
    write("directory/file", "content");
    assertFails(Errno.ENOTEMPTY, () -> posix().rmdir("directory"));
    assertFails(Errno.EEXIST, () -> posix().mkdir("directory/file", 0755));
    assertFails(Errno.ENOTDIR, () -> rename("directory", "directory/file/new"));
    assertThat(posix().readdir("")).containsExactly("directory");
    assertThat(content("directory/file")).isEqualTo("content");
  }
}
