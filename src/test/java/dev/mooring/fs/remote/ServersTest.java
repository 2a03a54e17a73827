package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.sftp.Extension;
import dev.mooring.testing.CapturedLog;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that lack something, are slow to the point, or have things that cannot be opened. */
@Timeout(60)
class ServersTest {
  private static final String CONTENT = "content";

  private static FileName name(String name) throws Exception {
    return FileName.of(name);
  }

  private static RemoteFixture over(ServerDialect dialect) throws Exception {
    RemoteFixture on = new RemoteFixture(dialect);
    on.serverHas("there", CONTENT.getBytes(StandardCharsets.UTF_8));
    return on;
  }

  /** Made, written, read, renamed over another, listed and removed. */
  private static void liveThrough(RemoteFixture on) throws Exception {
    Created made = on.create("new");
    on.write(made.file(), 0, CONTENT + CONTENT);
    made.file().fsync(false, on.caller());
    assertThat(on.text(made.file())).isEqualTo(CONTENT + CONTENT);
    made.file().release();
    Node root = on.remote.root();
    on.remote.rename(root, name("new"), root, name("there"), RenameFlags.REPLACE, on.caller());
    OpenFile read = on.open("there", OpenFlags.READ);
    assertThat(on.text(read)).isEqualTo(CONTENT + CONTENT);
    read.release();
    OpenFile emptied = on.open("there", OpenFlags.WRITE.truncating());
    emptied.release();
    assertThat(on.remote.getattr(on.find("there"), null, on.caller()).value().size()).isZero();
    on.remote.mkdir(root, name("dir"), 0755, on.caller());
    on.remote.rmdir(root, name("dir"), on.caller());
    on.remote.unlink(root, name("there"), on.caller());
    assertThat(on.remote.lookup(root, name("there"), on.caller())).isInstanceOf(Entry.Absent.class);
  }

  static Stream<ServerDialect> lackingOne() {
    return Stream.concat(
        Arrays.stream(Extension.values()).map(ServerDialect.OPENSSH::without),
        Stream.of(ServerDialect.PLAIN));
  }

  @ParameterizedTest
  @MethodSource("lackingOne")
  @SemanticsRow("server.no-extensions")
  void noExtensionIsNeeded(ServerDialect dialect) throws Exception {
    RemoteFixture on = over(dialect);
    on.pace.run(() -> liveThrough(on));
  }

  @Test
  @SemanticsRow("server.out-of-order")
  void repliesMayComeInAnyOrder() throws Exception {
    RemoteFixture on = over(ServerDialect.OPENSSH.outOfOrderReplies());
    on.pace.run(() -> liveThrough(on));
  }

  @Test
  @SemanticsRow("server.small-reads")
  void readsMayBeSmall() throws Exception {
    RemoteFixture on = over(ServerDialect.PLAIN);
    byte[] large = new byte[300_000];
    Arrays.fill(large, (byte) 7);
    on.serverHas("large", large);
    on.pace.run(() -> {
      liveThrough(on);
      OpenFile file = on.open("large", OpenFlags.READ);
      assertThat(on.read(file, 0, large.length)).isEqualTo(large);
      file.release();
    });
  }

  @Test
  @SemanticsRow("server.no-setstat")
  void attributesMayBeRefused() throws Exception {
    RemoteFixture on = over(ServerDialect.OPENSSH.denyingAttributes());
    on.pace.run(() -> {
      AttributeChange touched =
          AttributeChange.ofTimes(new TimeChange.Set(1), new TimeChange.Set(2));
      for (AttributeChange change :
          new AttributeChange[] {AttributeChange.ofPermissions(0600), touched}) {
        assertErrno(
            Errno.EPERM, () -> on.remote.setattr(on.find("there"), null, change, on.caller()));
      }
      liveThrough(on);
      on.serverHas("full", CONTENT.getBytes(StandardCharsets.UTF_8));
      Node full = on.find("full");
      on.remote.setattr(full, null, AttributeChange.ofSize(0), on.caller());
      assertThat(on.remote.getattr(full, null, on.caller()).value().size()).isZero();
    });
  }

  @Test
  @SemanticsRow("server.read-only")
  void aServerMayBeReadOnly() throws Exception {
    RemoteFixture on = over(ServerDialect.OPENSSH.denyingChanges());
    on.pace.run(() -> {
      OpenFile file = on.open("there", OpenFlags.READ);
      assertThat(on.text(file)).isEqualTo(CONTENT);
      file.release();
      assertErrno(Errno.EROFS, () -> on.open("there", OpenFlags.WRITE));
      assertErrno(Errno.EROFS, () -> on.create("new"));
    });
  }

  @Test
  @SemanticsRow("open.irregular")
  void aFifoOfTheServerIsShownAndNeverOpened() throws Exception {
    RemoteFixture on = over(ServerDialect.OPENSSH);
    on.pace.run(() -> {
      on.server.mknod(on.server.root(), name("fifo"), FileType.FIFO, 0644, on.caller());
      Node fifo = on.find("fifo");
      assertThat(on.remote.getattr(fifo, null, on.caller()).value().type())
          .isEqualTo(FileType.FIFO);
      assertErrno(Errno.EOPNOTSUPP, () -> on.remote.open(fifo, OpenFlags.READ, on.caller()));
      assertErrno(
          Errno.EOPNOTSUPP,
          () ->
              on.remote.create(on.remote.root(), name("fifo"), OpenFlags.WRITE, 0644, on.caller()));
    });
    assertThat(on.openHandles()).isZero();
  }

  @Test
  @SemanticsRow("write.close-failed")
  void aFailureOfCloseIsInTheLog() throws Exception {
    RemoteFixture on = over(ServerDialect.OPENSSH.failingToClose());
    try (CapturedLog log = new CapturedLog(Reopening.class)) {
      on.pace.run(() -> {
        Created made = on.create("new");
        on.write(made.file(), 0, CONTENT);
        made.file().flush(on.caller());
        made.file().release();
        on.pace.sleep(Duration.ofSeconds(1));
      });

      assertThat(log.lines()).singleElement().asString().contains("new");
    }
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }
}
