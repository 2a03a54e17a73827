package dev.mooring.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.sftp.Extension;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteEntry;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.ServerLimits;
import dev.mooring.sftp.SftpChannel;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InMemorySftpServerTest {
  private final LockStepPace pace = new LockStepPace();
  private final ReferenceFileSystem files = new ReferenceFileSystem(pace);

  private SftpChannel connect(ServerDialect dialect) throws Exception {
    InMemorySftpServer server = new InMemorySftpServer(files, dialect, pace.network());
    return pace.call(
        () -> pace.get(SftpChannel.open(server.open(), pace, SftpSettings.DEFAULT, 1)));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private RemoteHandle file(SftpChannel sftp, String path, String content) throws Exception {
    int mode = OpenMode.READ | OpenMode.WRITE | OpenMode.CREATE;
    RemoteHandle handle =
        pace.get(sftp.open(RemotePath.of(path), mode, RemoteAttributes.ofMode(0644)));
    pace.get(sftp.write(handle, 0, List.of(bytes(content))));
    return handle;
  }

  @Test
  void hundredPipelinedRequestsCostOneBurst() throws Exception {
    SftpChannel sftp = connect(ServerDialect.OPENSSH);

    int bursts =
        pace.burstsOf(() -> {
          List<CompletableFuture<RemoteAttributes>> replies = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            replies.add(sftp.lstat(RemotePath.LOGIN));
          }
          for (CompletableFuture<RemoteAttributes> reply : replies) {
            assertThat(pace.get(reply).mode()).isEqualTo(040755);
          }
        });

    assertThat(bursts).isEqualTo(1);
  }

  @Test
  void openingAndReadingAFileCostsTwoBursts() throws Exception {
    SftpChannel sftp = connect(ServerDialect.OPENSSH);
    pace.run(() -> pace.get(sftp.close(file(sftp, "file", "hello"))));

    ByteBuffer destination = ByteBuffer.allocate(100);
    int bursts =
        pace.burstsOf(() -> {
          RemoteHandle handle =
              pace.get(sftp.open(RemotePath.of("file"), OpenMode.READ, RemoteAttributes.NONE));
          assertThat(pace.get(sftp.read(handle, 0, destination))).isEqualTo(5);
        });

    assertThat(bursts).isEqualTo(2);
    assertThat(destination.slice(0, 5)).isEqualTo(bytes("hello"));
  }

  @Test
  void everyVerbIsUnderstood() throws Exception {
    SftpChannel sftp = connect(ServerDialect.OPENSSH);
    pace.run(() -> {
      RemotePath dir = RemotePath.of("/dir");
      pace.get(sftp.mkdir(dir, RemoteAttributes.ofMode(0700)));
      RemoteHandle a = file(sftp, "/dir/a", "0123456789");
      RemoteHandle b = file(sftp, "/dir/b", "");
      pace.get(sftp.copyData(a, 2, 0, b, 0));
      pace.get(sftp.fsync(b));
      assertThat(pace.get(sftp.fstat(b)).size()).isEqualTo(8);
      pace.get(sftp.fsetstat(b, RemoteAttributes.ofSize(3)));
      pace.get(sftp.symlink(bytes("dir/b"), RemotePath.of("link")));
      assertThat(pace.get(sftp.readlink(RemotePath.of("link")))).isEqualTo(bytes("dir/b"));
      assertThat(pace.get(sftp.stat(RemotePath.of("link"))).size()).isEqualTo(3);
      pace.get(sftp.lsetstat(RemotePath.of("link"), RemoteAttributes.NONE));
      pace.get(sftp.hardlink(RemotePath.of("dir/b"), RemotePath.of("c")));
      pace.get(sftp.posixRename(RemotePath.of("c"), RemotePath.of("dir/a")));
      assertThatThrownBy(() -> pace.get(sftp.rename(RemotePath.of("link"), RemotePath.of("dir/a"))))
          .hasMessageContaining("FAILURE");
      pace.get(sftp.rename(RemotePath.of("link"), RemotePath.of("dir/d")));
      pace.get(sftp.setstat(dir, RemoteAttributes.ofMode(0711)));
      assertThat(pace.get(sftp.lstat(dir)).mode()).isEqualTo(040711);
      assertThat(pace.get(sftp.statvfs(dir)).maxNameBytes()).isEqualTo(255);
      assertThat(pace.get(sftp.fstatvfs(a)).blocks()).isPositive();
      assertThat(pace.get(sftp.realpath(RemotePath.of("dir/../x")))).isEqualTo(RemotePath.of("/x"));
      assertThat(pace.get(sftp.expandPath(RemotePath.of("~/x")))).isEqualTo(RemotePath.of("/x"));
      assertThat(pace.get(sftp.homeDirectory("root"))).isEqualTo(RemotePath.of("/"));
      assertThat(pace.get(sftp.usersGroupsById(List.of(0, 7), List.of())).users())
          .containsExactly("root", "");
      pace.get(sftp.close(a));
      pace.get(sftp.close(b));
      pace.get(sftp.remove(RemotePath.of("dir/d")));
      pace.get(sftp.remove(RemotePath.of("dir/a")));
      pace.get(sftp.remove(RemotePath.of("dir/b")));
      pace.get(sftp.rmdir(dir));
    });
    files.assertNothingLeft();
  }

  @Test
  void directoryIsListedAHundredNamesAtATime() throws Exception {
    SftpChannel sftp = connect(ServerDialect.OPENSSH);
    pace.run(() -> {
      for (int i = 0; i < 150; i++) {
        pace.get(sftp.close(file(sftp, "file-" + i, "")));
      }
      RemoteHandle handle = pace.get(sftp.opendir(RemotePath.LOGIN));
      List<RemoteEntry> first = pace.get(sftp.readdir(handle));
      List<RemoteEntry> second = pace.get(sftp.readdir(handle));
      assertThat(first).hasSize(100);
      assertThat(first.getFirst().name()).isEqualTo(bytes("."));
      assertThat(second).hasSize(52);
      assertThat(pace.get(sftp.readdir(handle))).isEmpty();
      String longName = StandardCharsets.UTF_8.decode(second.getFirst().longName()).toString();
      assertThat(longName).matches("\\S+ +1 .*");
      pace.get(sftp.close(handle));
    });
    files.assertNothingLeft();
  }

  @Test
  void plainServerHasNoExtensionAndCutsReadsShort() throws Exception {
    SftpChannel sftp = connect(ServerDialect.PLAIN);

    assertThat(sftp.extensions()).isEmpty();
    assertThat(sftp.limits()).isEqualTo(ServerLimits.UNKNOWN);
    assertThatThrownBy(() -> pace.run(() -> pace.get(sftp.statvfs(RemotePath.LOGIN))))
        .isInstanceOf(SftpException.class)
        .hasMessageContaining("OP_UNSUPPORTED");
  }

  @Test
  void dialectsDenyWhatTheySay() throws Exception {
    SftpChannel readOnly = connect(ServerDialect.OPENSSH.denyingChanges());
    SftpChannel strict =
        connect(ServerDialect.OPENSSH.denyingAttributes().without(Extension.FSYNC));

    assertThat(strict.extensions()).doesNotContain(Extension.FSYNC).hasSize(10);
    assertThatThrownBy(() -> pace.run(() -> file(readOnly, "file", "")))
        .hasMessageContaining("PERMISSION_DENIED");
    assertThatThrownBy(() ->
            pace.run(() -> pace.get(strict.setstat(RemotePath.LOGIN, RemoteAttributes.ofMode(0)))))
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void repliesOutOfOrderFindTheirRequests() throws Exception {
    SftpChannel sftp = connect(ServerDialect.OPENSSH.outOfOrderReplies());
    pace.run(() -> {
      file(sftp, "a", "1");
      file(sftp, "b", "22");
      CompletableFuture<RemoteAttributes> a = sftp.lstat(RemotePath.of("a"));
      CompletableFuture<RemoteAttributes> b = sftp.lstat(RemotePath.of("b"));
      assertThat(pace.get(a).size()).isEqualTo(1);
      assertThat(pace.get(b).size()).isEqualTo(2);
    });
  }

  @Test
  void itAnswersAtOnceWhereTheWireIsDirect() throws Exception {
    InMemorySftpServer server = new InMemorySftpServer(files, ServerDialect.OPENSSH, Runnable::run);

    SftpChannel sftp = SftpChannel.open(server.open(), pace, SftpSettings.DEFAULT, 1).join();

    assertThat(sftp.lstat(RemotePath.LOGIN).join().mode()).isEqualTo(040755);
  }
}
