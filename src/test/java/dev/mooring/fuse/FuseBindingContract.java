package dev.mooring.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.SystemPace;
import dev.mooring.testing.Command;
import dev.mooring.testing.ReferenceFileSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every binding does on a real mount with Java's own file calls and ordinary programs. After
 * each test the mount has ended and the file system has everything back.
 */
public abstract class FuseBindingContract {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path mountPoint;
  private final SystemPace pace = new SystemPace();
  private final ReferenceFileSystem fileSystem = new ReferenceFileSystem(pace);
  private FuseSession session;
  private Path file;

  /** The binding under test. */
  protected abstract FuseBinding binding();

  @BeforeEach
  void mount() throws IOException {
    session = binding().mount(fileSystem, mountPoint, FuseOptions.of("user@host:/dir"));
    file = mountPoint.resolve("file");
  }

  @AfterEach
  void unmount() {
    session.close();
    assertThat(session.ended()).isCompleted();
    fileSystem.assertNothingLeft();
    pace.close();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private String python(String program) throws IOException {
    return Command.run("python3", "-c", "import os\nos.chdir('" + mountPoint + "')\n" + program)
        .strip();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    byte[] content = bytes(3 * MEBIBYTE + 17);
    Files.write(file, content);
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(Files.size(file)).isEqualTo(content.length);
  }

  @Test
  void anAppendGoesToTheEnd() throws IOException {
    Files.writeString(file, "a");
    Command.run("sh", "-c", "printf b >> " + file);
    assertThat(file).hasContent("ab");
  }

  @Test
  void aFileIsReadAndWrittenInTheMiddle() throws IOException {
    Files.write(file, bytes(300_000));
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(131_000);
      open.write("middle".getBytes(StandardCharsets.US_ASCII));
      open.seek(131_000);
      byte[] read = new byte[6];
      open.readFully(read);
      assertThat(read).asString().isEqualTo("middle");
      open.setLength(10);
      open.getFD().sync();
    }
    assertThat(Files.size(file)).isEqualTo(10);
  }

  @Test
  void linksSymlinksAndRenames() throws IOException {
    Files.writeString(file, "content");
    Path other = mountPoint.resolve("other");
    Files.createLink(other, file);
    assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
    assertThat(Files.isSameFile(file, other)).isTrue();
    Path link = Files.createSymbolicLink(mountPoint.resolve("link"), Path.of("fïle"));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("fïle"));
    Files.move(other, mountPoint.resolve("third"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(other).doesNotExist();
    assertThat(mountPoint.resolve("third")).hasContent("content");
  }

  @Test
  void directoriesAreMadeListedAndRemoved() throws IOException {
    Path below = Files.createDirectories(mountPoint.resolve("a/b/c"));
    Files.createFile(below.resolve("file"));
    assertThatThrownBy(() -> Files.delete(below)).isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> Files.createDirectory(below))
        .isInstanceOf(FileAlreadyExistsException.class);
    Command.run("rm", "-r", mountPoint.resolve("a").toString());
    assertThat(mountPoint).isEmptyDirectory();
  }

  @Test
  void attributesAreChanged() throws IOException {
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Command.run("chown", "12:34", file.toString());
    Command.run("chgrp", "56", file.toString());
    FileTime time = FileTime.from(Instant.ofEpochSecond(1_000_000_000));
    Files.setLastModifiedTime(file, time);
    assertThat(Command.run("stat", "-c", "%a %u %g %Y", file.toString()).strip())
        .isEqualTo("751 12 56 1000000000");
  }

  @Test
  void oneOfTheTimesIsLeftAlone() throws IOException {
    Files.createFile(file);
    Command.run("touch", "-d", "@1000", file.toString());
    Command.run("touch", "-a", "-d", "@2000", file.toString());
    assertThat(Command.run("stat", "-c", "%X %Y", file.toString()).strip()).isEqualTo("2000 1000");
    Command.run("touch", "-m", file.toString());
    assertThat(Files.getLastModifiedTime(file).toInstant())
        .isAfter(Instant.ofEpochSecond(1_500_000_000));
    assertThat(Command.run("stat", "-c", "%X", file.toString()).strip()).isEqualTo("2000");
  }

  @Test
  void tenThousandEntriesAreListed() throws IOException {
    python("for i in range(10000): os.mknod('entry-%05d' % i)");
    try (Stream<Path> entries = Files.list(mountPoint)) {
      assertThat(entries.map(Path::getFileName).map(Path::toString).distinct()).hasSize(10_000);
    }
    assertThat(python("print(os.listdir('.').count('entry-09999'))")).isEqualTo("1");
    Command.run("find", mountPoint.toString(), "-type", "f", "-delete");
    assertThat(mountPoint).isEmptyDirectory();
  }

  @Test
  void anUnlinkedFileStaysUsableWhileItIsOpen() throws IOException {
    assertThat(
            python(
                """
                f = open('file', 'w+b', 0)
                f.write(b'content')
                os.unlink('file')
                f.write(b' more')
                os.fchmod(f.fileno(), 0o600)
                os.ftruncate(f.fileno(), 9)
                s = os.fstat(f.fileno())
                f.seek(0)
                print(f.read(), s.st_nlink, oct(s.st_mode), s.st_size, os.listdir('.'))
                """))
        .isEqualTo("b'content m' 0 0o100600 9 []");
  }

  @Test
  void renameOverAnOpenFileKeepsItReadable() throws IOException {
    assertThat(
            python(
                """
                open('old', 'w').write('old')
                f = open('old')
                open('new', 'w').write('new')
                os.rename('new', 'old')
                print(f.read(), os.fstat(f.fileno()).st_nlink, open('old').read(), os.listdir('.'))
                """))
        .isEqualTo("old 0 new ['old']");
  }

  @Test
  void statfsAndSpaceAreShown() throws IOException {
    assertThat(Files.getFileStore(mountPoint).getTotalSpace()).isEqualTo(4096L << 24);
    assertThat(Command.run("df", "--output=source,fstype", mountPoint.toString()))
        .contains("user@host:/dir")
        .contains("fuse.sshfs");
  }

  @Test
  void extendedAttributesAreNotSupported() throws IOException {
    Files.createFile(file);
    assertThat(
            python(
                    """
                    for call in (lambda: os.setxattr('file', 'security.x', b'1'),
                                 lambda: os.getxattr('file', 'user.x'),
                                 lambda: os.listxattr('file')):
                      try: print(call())
                      except OSError as e: print(e.errno)
                    """)
                .lines())
        .containsExactly("95", "95", "95");
  }

  @Test
  void spaceIsAllocated() throws IOException {
    Files.createFile(file);
    Command.run("fallocate", "-l", "100000", file.toString());
    assertThat(Files.size(file)).isEqualTo(100_000);
    assertThatThrownBy(() -> Command.run("fallocate", "-p", "-l", "10", file.toString()))
        .hasMessageContaining("unsupported");
  }

  @Test
  void twoProcessesLockEachOtherOut() throws IOException {
    Files.createFile(file);
    assertThat(
            python(
                """
                import fcntl
                a, b = open('file', 'w'), open('file', 'w')
                fcntl.flock(a, fcntl.LOCK_EX)
                try: fcntl.flock(b, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError: print('locked')
                """))
        .isEqualTo("locked");
  }

  @Test
  void whatIsMissingIsMissing() {
    assertThatThrownBy(() -> Files.size(file)).isInstanceOf(NoSuchFileException.class);
    assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void inodeNumbersAreTheFileSystemsOwn() throws IOException {
    assertThat(Files.getAttribute(mountPoint, "unix:ino")).isEqualTo(fileSystem.root().inode());
    Files.createFile(file);
    assertThat(Command.run("ls", "-i", mountPoint.toString()).strip())
        .isEqualTo(Files.getAttribute(file, "unix:ino") + " file");
  }

  @Test
  void directReadsGoPastThePageCache() throws IOException {
    Files.write(file, bytes(MEBIBYTE));
    Command.run("dd", "if=" + file, "of=/dev/null", "bs=1M", "iflag=direct", "status=none");
    Command.run("cmp", file.toString(), file.toString());
    assertThat(Files.size(file)).isEqualTo(MEBIBYTE);
  }
}
