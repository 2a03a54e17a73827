package dev.mooring.sftp;

import static dev.mooring.sftp.ServedDirectory.bytes;
import static dev.mooring.sftp.ServedDirectory.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mooring.ssh.ConnectionLost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every verb against OpenSSH's sftp-server. */
@Timeout(120)
class SftpChannelIT {
  @TempDir Path directory;
  private ServedDirectory served;
  private SftpChannel sftp;

  @BeforeEach
  void serve() throws Exception {
    served = new ServedDirectory(directory);
    sftp = served.sftp;
  }

  @AfterEach
  void end() {
    served.close();
  }

  private static SftpStatus statusOf(CompletableFuture<?> request) {
    Throwable failure = catchThrowable(() -> get(request));
    assertThat(failure).isInstanceOf(SftpException.class);
    return ((SftpException) failure).status();
  }

  @Test
  void allElevenExtensionsAndTheLimitsAreAnnounced() {
    assertThat(sftp.extensions()).containsExactlyInAnyOrder(Extension.values());
    assertThat(sftp.limits().maxPacketBytes()).isEqualTo(262_144);
    assertThat(sftp.limits().maxReadBytes()).isEqualTo(261_120);
    assertThat(sftp.limits().maxWriteBytes()).isEqualTo(261_120);
    assertThat(sftp.limits().maxHandles()).isPositive();
  }

  @Test
  void fileIsWrittenReadAndClosed() throws Exception {
    RemoteHandle handle = served.file("file", "hello world");

    ByteBuffer destination = ByteBuffer.allocate(20).position(2);
    assertThat(get(sftp.read(handle, 6, destination))).isEqualTo(5);
    assertThat(new String(destination.array(), 2, 5, StandardCharsets.UTF_8)).isEqualTo("world");
    assertThat(destination.position()).isEqualTo(2);
    assertThat(get(sftp.read(handle, 11, destination))).isEqualTo(-1);
    get(sftp.close(handle));

    assertThat(directory.resolve("file")).hasContent("hello world");
    assertThat(statusOf(sftp.fstat(handle))).isEqualTo(SftpStatus.FAILURE);
  }

  @Test
  void writeTakesItsBytesFromSeveralParts() throws Exception {
    RemoteHandle handle = served.file("file", "");

    get(sftp.write(handle, 1, List.of(bytes("ab"), bytes(""), bytes("cd"))));

    assertThat(directory.resolve("file")).hasBinaryContent(new byte[] {0, 'a', 'b', 'c', 'd'});
  }

  @Test
  void offsetsBeyondFourGigabytesAreWhole() throws Exception {
    RemoteHandle handle = served.file("file", "");
    long far = 5_000_000_000L;

    get(sftp.write(handle, far, List.of(bytes("x"))));

    assertThat(get(sftp.fstat(handle)).size()).isEqualTo(far + 1);
    ByteBuffer destination = ByteBuffer.allocate(1);
    assertThat(get(sftp.read(handle, far, destination))).isEqualTo(1);
    assertThat(destination.get(0)).isEqualTo((byte) 'x');
  }

  @Test
  void attributesAreSetAndRead() throws Exception {
    RemoteHandle handle = served.file("file", "12345");
    RemoteAttributes.Times late = new RemoteAttributes.Times(4_000_000_000L, 4_294_967_295L);

    get(sftp.setstat(served.path("file"), RemoteAttributes.ofMode(0640)));
    get(sftp.fsetstat(handle, RemoteAttributes.ofSize(3)));
    get(sftp.setstat(served.path("file"), new RemoteAttributes(null, null, null, late)));

    RemoteAttributes attributes = get(sftp.lstat(served.path("file")));
    assertThat(attributes.mode()).isEqualTo(0100640);
    assertThat(attributes.size()).isEqualTo(3);
    assertThat(attributes.times()).isEqualTo(late);
    assertThat(attributes).isEqualTo(get(sftp.stat(served.path("file"))));
    assertThat(attributes).isEqualTo(get(sftp.fstat(handle)));
  }

  @Test
  void directoriesAreMadeListedAndRemoved() throws Exception {
    get(sftp.mkdir(served.path("dir"), RemoteAttributes.ofMode(0700)));
    for (int i = 0; i < 250; i++) {
      Files.createFile(directory.resolve("dir/file-" + i));
    }

    RemoteHandle handle = get(sftp.opendir(served.path("dir")));
    List<String> names = new ArrayList<>();
    List<RemoteEntry> entries = get(sftp.readdir(handle));
    while (!entries.isEmpty()) {
      assertThat(entries).hasSizeLessThanOrEqualTo(100);
      entries.forEach(e -> names.add(StandardCharsets.UTF_8.decode(e.name()).toString()));
      entries = get(sftp.readdir(handle));
    }
    get(sftp.close(handle));

    assertThat(names).hasSize(252).contains(".", "..", "file-0", "file-249");
    assertThat(statusOf(sftp.rmdir(served.path("dir")))).isEqualTo(SftpStatus.FAILURE);
    for (int i = 0; i < 250; i++) {
      get(sftp.remove(served.path("dir/file-" + i)));
    }
    get(sftp.rmdir(served.path("dir")));
    assertThat(directory.resolve("dir")).doesNotExist();
  }

  @Test
  void namesAreBytesWhateverTheyAre() throws Exception {
    ByteBuffer name = ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xfe, '\n', 1});
    RemotePath path = RemotePath.of(directory.toString()).resolve(name);
    get(sftp.close(get(sftp.open(path, OpenMode.WRITE | OpenMode.CREATE, RemoteAttributes.NONE))));

    RemoteHandle handle = get(sftp.opendir(RemotePath.LOGIN));

    assertThat(get(sftp.readdir(handle))).extracting(RemoteEntry::name).contains(name);
    assertThat(get(sftp.realpath(path))).isEqualTo(path);
    get(sftp.remove(path));
  }

  @Test
  void linksAreMadeFollowedAndRead() throws Exception {
    served.file("file", "content");
    ByteBuffer target = ByteBuffer.wrap(new byte[] {'f', 'i', (byte) 0x80});
    get(sftp.symlink(target, served.path("broken")));
    get(sftp.symlink(bytes("file"), served.path("link")));

    assertThat(get(sftp.readlink(served.path("broken")))).isEqualTo(target);
    assertThat(statusOf(sftp.stat(served.path("broken")))).isEqualTo(SftpStatus.NO_SUCH_FILE);
    assertThat(get(sftp.stat(served.path("link"))).size()).isEqualTo(7);
    assertThat(get(sftp.lstat(served.path("link"))).mode()).isEqualTo(0120777);
    assertThat(get(sftp.realpath(served.path("link"))))
        .isEqualTo(RemotePath.of(directory.toRealPath().resolve("file").toString()));
  }

  @Test
  void renamesDifferInWhatTheyDoToAnExistingName() throws Exception {
    served.file("a", "from a");
    served.file("b", "from b");

    assertThat(statusOf(sftp.rename(served.path("a"), served.path("b"))))
        .isEqualTo(SftpStatus.FAILURE);
    get(sftp.posixRename(served.path("a"), served.path("b")));
    get(sftp.rename(served.path("b"), served.path("c")));

    assertThat(directory.resolve("c")).hasContent("from a");
    assertThat(directory.resolve("b")).doesNotExist();
  }

  @Test
  void hardlinkFsyncAndLsetstatWork() throws Exception {
    RemoteHandle handle = served.file("file", "x");
    get(sftp.hardlink(served.path("file"), served.path("other")));
    get(sftp.fsync(handle));
    get(sftp.symlink(bytes("file"), served.path("link")));
    RemoteAttributes.Times times = new RemoteAttributes.Times(1, 2);
    get(sftp.lsetstat(served.path("link"), new RemoteAttributes(null, null, null, times)));

    assertThat(Files.getAttribute(directory.resolve("file"), "unix:nlink")).isEqualTo(2);
    assertThat(get(sftp.lstat(served.path("link"))).times()).isEqualTo(times);
    assertThat(get(sftp.lstat(served.path("file"))).times()).isNotEqualTo(times);
  }

  @Test
  void statisticsAreThoseOfTheFileSystem() throws Exception {
    RemoteHandle handle = served.file("file", "x");

    RemoteStatistics statistics = get(sftp.statvfs(served.path(".")));

    assertThat(statistics.fragmentSize() * statistics.blocks())
        .isEqualTo(Files.getFileStore(directory).getTotalSpace());
    assertThat(statistics.maxNameBytes()).isEqualTo(255);
    assertThat(statistics.flags() & RemoteStatistics.READ_ONLY).isZero();
    assertThat(get(sftp.fstatvfs(handle)).blocks()).isEqualTo(statistics.blocks());
  }

  @Test
  void copyDataCopiesOnTheServer() throws Exception {
    RemoteHandle from = served.file("from", "0123456789");
    RemoteHandle to = served.file("to", "");

    get(sftp.copyData(from, 2, 3, to, 1));
    get(sftp.copyData(from, 8, 0, to, 4));

    assertThat(directory.resolve("to")).hasBinaryContent(new byte[] {0, '2', '3', '4', '8', '9'});
  }

  @Test
  void pathsOfUsersAreExpanded() throws Exception {
    RemotePath home = get(sftp.homeDirectory("root"));

    assertThat(home).isEqualTo(RemotePath.of("/root"));
    assertThat(get(sftp.expandPath(RemotePath.of("~root/x")))).isEqualTo(RemotePath.of("/root/x"));
    assertThat(get(sftp.expandPath(RemotePath.of("x"))))
        .isEqualTo(RemotePath.of(directory.toRealPath().resolve("x").toString()));
  }

  @Test
  void idsHaveNames() throws Exception {
    SftpClient.UserGroupNames names =
        get(sftp.usersGroupsById(List.of(0, 2_000_000_000), List.of(0)));

    assertThat(names.users()).containsExactly("root", "");
    assertThat(names.groups()).containsExactly("root");
  }

  @Test
  void lossOfTheServerEndsWhatIsInFlightAndKillsHandles() throws Exception {
    RemoteHandle handle = served.file("file", "x");
    served.process.kill();
    get(sftp.closed());

    assertThat(handle.isLive()).isFalse();
    assertThat(sftp.isOpen()).isFalse();
    assertThatThrownBy(() -> get(sftp.fstat(handle))).isInstanceOf(ConnectionLost.class);
    assertThatThrownBy(() -> get(sftp.lstat(served.path("file"))))
        .isInstanceOf(ConnectionLost.class);
    get(sftp.close(handle));
  }

  @Test
  void whatTheServerDeniesIsNotAnnounced(@TempDir Path other) throws Exception {
    try (ServedDirectory limited = new ServedDirectory(other, "-P", "limits,statvfs", "-R")) {
      assertThat(limited.sftp.extensions()).doesNotContain(Extension.LIMITS, Extension.STATVFS);
      assertThat(limited.sftp.limits()).isEqualTo(ServerLimits.UNKNOWN);
      assertThat(statusOf(limited.sftp.statvfs(limited.path("."))))
          .isEqualTo(SftpStatus.OP_UNSUPPORTED);
      assertThat(statusOf(limited.sftp.mkdir(limited.path("d"), RemoteAttributes.NONE)))
          .isEqualTo(SftpStatus.PERMISSION_DENIED);
    }
    assertThat(other.resolve("d")).doesNotExist();
  }

  @Test
  void modesGoThroughTheServersUmask(@TempDir Path other) throws Exception {
    try (ServedDirectory strict = new ServedDirectory(other, "-u", "077")) {
      get(strict.sftp.mkdir(strict.path("d"), RemoteAttributes.ofMode(0777)));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.resolve("d"))))
          .isEqualTo("rwx------");
    }
  }
}
