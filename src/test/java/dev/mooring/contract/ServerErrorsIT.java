package dev.mooring.contract;

import static dev.mooring.contract.Posix.Flag.CREATE;
import static dev.mooring.contract.Posix.Flag.READ;
import static dev.mooring.contract.Posix.Flag.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.Command;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.SftpServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors that only a real server on real file systems has. Needs root. */
class ServerErrorsIT {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  @BeforeEach
  void mountSmallDisk() throws IOException {
    Files.createDirectory(directory.resolve("small"));
    Command.run(
        "mount", "-t", "tmpfs", "-o", "size=1m", "small", directory.resolve("small").toString());
  }

  @AfterEach
  void unmount() throws IOException {
    Command.run("umount", "-l", directory.resolve("small").toString());
  }

  private Posix over(String... arguments) throws Exception {
    return over(SftpServerProcess.start(directory, arguments));
  }

  private Posix over(SubsystemChannel server) throws Exception {
    return RemoteContract.over(server, directory.toString(), () -> {}, () -> {});
  }

  @Test
  @SemanticsRow("errno.too-many-open")
  void tooManyOpenFilesAreToldAsSuch() throws Exception {
    try (Posix posix = over(SftpServerProcess.limitedTo(64, directory))) {
      List<Integer> open = new ArrayList<>();
      assertErrno(
          Errno.ENFILE,
          () -> {
            for (int i = 0; i < 100; i++) {
              open.add(posix.open("file" + i, 0644, WRITE, CREATE));
            }
          });
      assertErrno(Errno.ENFILE, () -> posix.open("file0", 0, READ));
      for (int descriptor : open) {
        posix.close(descriptor);
      }
      posix.close(posix.open("file0", 0, READ));
    }
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  @SemanticsRow("errno.no-space")
  void aFullDiskIsToldByClose() throws Exception {
    try (Posix posix = over()) {
      int file = posix.open("small/file", 0644, WRITE, CREATE);
      posix.pwrite(file, new byte[2 * MIB], 0);

      assertErrno(Errno.ENOSPC, () -> posix.close(file));
    }
  }

  @Test
  @SemanticsRow("errno.across")
  void renamingAndLinkingAcrossFileSystemsSaysSo() throws Exception {
    Files.writeString(directory.resolve("file"), "content");
    try (Posix posix = over()) {
      assertErrno(Errno.EXDEV, () -> posix.rename("file", "small/file", RenameFlags.REPLACE));
      posix.mkdir("dir", 0755);
      posix.mkdir("small/dir", 0755);
      assertErrno(Errno.EXDEV, () -> posix.rename("dir", "small/dir", RenameFlags.REPLACE));
      posix.rmdir("small/dir");
      assertErrno(Errno.EXDEV, () -> posix.rename("file", "small/file", RenameFlags.NO_REPLACE));
      assertErrno(Errno.EXDEV, () -> posix.link("file", "small/file"));
      assertThat(posix.readdir("small")).isEmpty();
    }
  }

  @Test
  @SemanticsRow("errno.read-only")
  void aReadOnlyDiskSaysSo() throws Exception {
    Files.writeString(directory.resolve("small/file"), "content");
    Files.createDirectory(directory.resolve("small/empty"));
    Command.run("mount", "-o", "remount,ro", directory.resolve("small").toString());
    try (Posix posix = over()) {
      assertErrno(Errno.EROFS, () -> posix.open("small/file", 0, WRITE));
      assertErrno(Errno.EROFS, () -> posix.open("small/new", 0644, WRITE, CREATE));
      assertErrno(Errno.EROFS, () -> posix.mkdir("small/dir", 0755));
      assertErrno(Errno.EROFS, () -> posix.symlink("target", "small/link"));
      assertErrno(Errno.EROFS, () -> posix.unlink("small/file"));
      assertErrno(Errno.EROFS, () -> posix.rmdir("small/empty"));
      assertErrno(Errno.EROFS, () -> posix.rename("small/file", "small/new", RenameFlags.REPLACE));
      assertErrno(Errno.EROFS, () -> posix.link("small/file", "small/new"));
      assertErrno(Errno.EROFS, () -> posix.chmod("small/file", 0600));
      assertErrno(Errno.EROFS, () -> posix.truncate("small/file", 3));
    }
  }

  @Test
  @SemanticsRow({"errno.read-only", "server.read-only"})
  void aServerThatRunsReadOnlySaysSo() throws Exception {
    Files.writeString(directory.resolve("file"), "content");
    try (Posix posix = over("-R")) {
      int file = posix.open("file", 0, READ);
      assertThat(posix.pread(file, 100, 0)).hasSize(7);
      posix.close(file);
      assertErrno(Errno.EROFS, () -> posix.open("file", 0, WRITE));
      assertErrno(Errno.EROFS, () -> posix.open("new", 0644, WRITE, CREATE));
      assertErrno(Errno.EROFS, () -> posix.mkdir("dir", 0755));
      assertErrno(Errno.EROFS, () -> posix.unlink("file"));
      assertErrno(Errno.EROFS, () -> posix.rename("file", "new", RenameFlags.REPLACE));
      assertErrno(Errno.EROFS, () -> posix.chmod("file", 0600));
    }
  }
}
