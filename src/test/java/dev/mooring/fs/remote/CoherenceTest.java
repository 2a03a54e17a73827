package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.WouldWait;
import dev.mooring.sftp.Extension;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import dev.mooring.testing.TestCaller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One truth per file, own changes at once, others' changes within the lifetimes. */
@Timeout(60)
class CoherenceTest {
  private static final ServerDialect CLIPPED =
      new ServerDialect(EnumSet.allOf(Extension.class), 32_768, false, false, true, false, 022);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static RemoteFixture openSsh() throws Exception {
    return new RemoteFixture(ServerDialect.OPENSSH);
  }

  @Test
  @SemanticsRow("coherence.own")
  void aReaderSeesWhatAnotherDescriptorHasJustWritten() throws Exception {
    RemoteFixture on = openSsh();
    on.pace.run(() -> {
      Created made = on.create("file");
      OpenFile reader = on.open("file", OpenFlags.READ);
      on.write(made.file(), 0, "pending");

      assertThat(on.text(reader)).isEqualTo("pending");
      on.write(made.file(), 7, " more");
      assertThat(on.remote.getattr(made.entry().node(), reader, on.caller()).value().size())
          .isEqualTo(12);
      reader.release();
      made.file().release();
    });
  }

  @Test
  @SemanticsRow("coherence.own")
  void lookupDuringWritesShowsTheirSize() throws Exception {
    RemoteFixture on = openSsh();
    on.pace.run(() -> {
      Created made = on.create("file");
      on.write(made.file(), 0, "content");
      Node node = on.find("file");
      assertThat(node).isSameAs(made.entry().node());
      assertThat(on.remote.getattr(node, null, on.caller()).value().size()).isEqualTo(7);
      made.file().release();
    });
  }

  @Test
  @SemanticsRow("coherence.tail")
  void aFileThatGrewElsewhereIsSeenWithinASecondWhileOpen() throws Exception {
    RemoteFixture on = openSsh();
    on.serverHas("log", bytes("one"));
    on.pace.run(() -> {
      OpenFile file = on.open("log", OpenFlags.READ);
      assertThat(on.text(file)).isEqualTo("one");
      on.serverHas("log", bytes("one two"));
      on.pace.sleep(Duration.ofSeconds(1));
      assertThat(on.remote.getattr(file.node(), file, on.caller()).value().size()).isEqualTo(7);
      file.release();
    });
  }

  @Test
  void anOpenOfWhatOthersRemovedIsStaleAndTheNameIsAskedForAgain() throws Exception {
    RemoteFixture on = openSsh();
    on.serverHas("file", bytes("content"));
    on.pace.run(() -> {
      Node node = on.find("file");
      on.server.unlink(on.server.root(), FileName.of("file"), on.caller());

      assertThatThrownBy(() -> on.remote.open(node, OpenFlags.WRITE.truncating(), on.caller()))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
      assertThat(on.remote.lookup(on.remote.root(), FileName.of("file"), on.caller()))
          .isInstanceOf(Entry.Absent.class);
    });
  }

  @Test
  @SemanticsRow("read.short")
  void readsThatComeShortAndLateAreCompleted() throws Exception {
    RemoteFixture on = new RemoteFixture(CLIPPED);
    byte[] content = new byte[1_000_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 + i / 257);
    }
    on.serverHas("file", content);
    on.pace.run(() -> {
      OpenFile file = on.open("file", OpenFlags.READ);
      assertThat(on.read(file, 0, content.length + 5)).isEqualTo(content);
      assertThat(on.read(file, content.length, 10)).isEmpty();
      file.release();
    });
  }

  @Test
  void whatMemoryCannotAnswerHasNoEffectOnOneWhoMayNotWait() throws Exception {
    RemoteFixture on = openSsh();
    on.pace.run(() -> {
      assertThatThrownBy(() ->
              on.remote.mkdir(
                  on.remote.root(), FileName.of("dir"), 0755, TestCaller.notWaiting(on.pace)))
          .isInstanceOf(WouldWait.class);
      assertThat(on.server.lookup(on.server.root(), FileName.of("dir"), on.caller()))
          .isInstanceOf(Entry.Absent.class);
    });
  }

  @Test
  void aReadOnlyServerRefusesWithoutHarm() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH.denyingChanges());
    on.serverHas("file", bytes("content"));
    on.pace.run(() -> {
      assertThatThrownBy(() -> on.create("new"))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EROFS));
      OpenFile file = on.open("file", OpenFlags.READ);
      assertThat(on.text(file)).isEqualTo("content");
      file.release();
    });
  }

  @Test
  @SemanticsRow("owner.chown-auto")
  void aRefusedChangeOfOwnerIsShownAsDone() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH.denyingAttributes());
    on.serverHas("file", bytes("content"));
    on.pace.run(() -> {
      Node node = on.find("file");
      AttributeChange owner = AttributeChange.ofOwner(999, 998);
      assertThat(on.remote.setattr(node, null, owner, on.caller()).value())
          .satisfies(now -> {
            assertThat(now.uid()).isEqualTo(999);
            assertThat(now.gid()).isEqualTo(998);
          });
    });
  }

  @Test
  @SemanticsRow("rename.replaces")
  void aServerWithoutExtensionsStillReplacesOnRename() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.PLAIN);
    on.serverHas("old", bytes("old"));
    on.serverHas("new", bytes("new"));
    on.pace.run(() -> {
      on.remote.rename(
          on.remote.root(),
          FileName.of("new"),
          on.remote.root(),
          FileName.of("old"),
          RenameFlags.REPLACE,
          on.caller());
      OpenFile file = on.open("old", OpenFlags.READ);
      assertThat(on.text(file)).isEqualTo("new");
      file.release();
    });
  }

  @Test
  void aSynchronousWriteThatMayNotWaitTakesNothing() throws Exception {
    RemoteFixture on = openSsh();
    on.pace.run(() -> {
      on.create("file").file().release();
      OpenFlags sync = new OpenFlags(OpenFlags.Access.WRITE, true, false, false, false, true);
      OpenFile file = on.open("file", sync);
      assertThatThrownBy(
              () -> file.write(0, Bytes.payload(bytes("x")), TestCaller.notWaiting(on.pace)))
          .isInstanceOf(WouldWait.class);
      on.write(file, 0, "x");
      assertThat(on.remote.getattr(file.node(), file, on.caller()).value().size()).isEqualTo(1);
      file.release();
    });
  }
}
