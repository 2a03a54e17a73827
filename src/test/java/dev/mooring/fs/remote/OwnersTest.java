package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.fs.remote.RemoteSettings.Chown;
import dev.mooring.fs.remote.RemoteSettings.Owners;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import dev.mooring.testing.TestCaller;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose things are, here and on the server. */
@Timeout(60)
class OwnersTest {
  private static final Map<Integer, Integer> TABLE = Map.of(0, 1000, 7, 1007);

  private static RemoteFixture with(Owners owners) throws Exception {
    return with(ServerDialect.OPENSSH, owners);
  }

  private static RemoteFixture with(ServerDialect dialect, Owners owners) throws Exception {
    RemoteFixture on =
        new RemoteFixture(dialect, RemoteFixture.SETTINGS.with(owners), files -> files);
    on.serverHas("file", new byte[0]);
    return on;
  }

  private static Owners tables(boolean refuseUnmapped) {
    return Owners.OF_THE_SERVER.with(new IdMapping(TABLE, TABLE, refuseUnmapped));
  }

  private static Attributes shown(RemoteFixture on, String name) throws Exception {
    return on.remote.getattr(on.find(name), null, on.caller()).value();
  }

  private static Attributes onServer(RemoteFixture on, String name) throws Exception {
    FileSystem server = on.server;
    Entry found = server.lookup(server.root(), FileName.of(name), on.caller());
    return ((Entry.Present) found).attributes().value();
  }

  private static void chown(RemoteFixture on, int uid, int gid) throws Exception {
    on.remote.setattr(on.find("file"), null, AttributeChange.ofOwner(uid, gid), on.caller());
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private static void assertOwner(Attributes attributes, int uid, int gid) {
    assertThat(attributes.uid()).isEqualTo(uid);
    assertThat(attributes.gid()).isEqualTo(gid);
  }

  @Test
  @SemanticsRow("owner.tables")
  void numbersAreTranslatedInBothDirections() throws Exception {
    RemoteFixture on = with(tables(true));
    on.pace.run(() -> {
      assertOwner(shown(on, "file"), 1000, 1000);
      chown(on, 1007, 1007);
      assertOwner(shown(on, "file"), 1007, 1007);
      assertOwner(onServer(on, "file"), 7, 7);
    });
  }

  @Test
  @SemanticsRow("owner.tables")
  void aNumberWithoutTranslationIsAnErrorOrPasses() throws Exception {
    RemoteFixture strict = with(tables(true));
    strict.pace.run(() -> assertErrno(Errno.EPERM, () -> chown(strict, 5, 5)));
    RemoteFixture lenient = with(tables(false));
    lenient.pace.run(() -> {
      chown(lenient, 5, 5);
      assertOwner(onServer(lenient, "file"), 5, 5);
    });
  }

  @Test
  @SemanticsRow("owner.chown-strict")
  void strictlyARefusedChangeOfOwnerIsAnError() throws Exception {
    RemoteFixture on =
        with(
            ServerDialect.OPENSSH.denyingAttributes(),
            new Owners(IdMapping.NONE, Chown.STRICT, false, null));
    on.pace.run(() -> {
      assertErrno(Errno.EPERM, () -> chown(on, 5, 5));
      assertOwner(shown(on, "file"), 0, 0);
    });
  }

  @Test
  @SemanticsRow("owner.create-caller")
  void whatIsMadeBelongsToItsMaker() throws Exception {
    RemoteFixture on = with(new Owners(IdMapping.NONE, Chown.AUTO, true, null));
    on.pace.run(() -> {
      Caller maker = TestCaller.as(on.caller(), 1000, 100);
      Node root = on.remote.root();
      on.remote.create(root, FileName.of("made"), OpenFlags.WRITE, 0666, maker).file().release();
      on.remote.mkdir(root, FileName.of("dir"), 0777, maker);
      on.remote.mknod(root, FileName.of("node"), FileType.REGULAR, 0644, maker);
      on.remote.symlink(root, FileName.of("link"), TargetBytes.of("file"), maker);
      for (String name : new String[] {"made", "dir", "node", "link"}) {
        assertOwner(shown(on, name), 1000, 100);
      }
      on.pace.sleep(Duration.ofSeconds(6));
      for (String name : new String[] {"made", "dir", "node", "link"}) {
        assertOwner(onServer(on, name), 1000, 100);
        assertOwner(shown(on, name), 1000, 100);
      }
      assertThat(onServer(on, "made").permissions()).isEqualTo(0644);
      assertOwner(onServer(on, "file"), 0, 0);
    });
  }

  @Test
  @SemanticsRow("owner.create-caller")
  void aFurtherNameDoesNotGiveTheFileAway() throws Exception {
    RemoteFixture on = with(new Owners(IdMapping.NONE, Chown.AUTO, true, null));
    on.pace.run(() -> {
      Caller other = TestCaller.as(on.caller(), 1000, 100);
      on.remote.link(on.find("file"), on.remote.root(), FileName.of("further"), other);
      on.pace.sleep(Duration.ofSeconds(1));
      assertOwner(onServer(on, "file"), 0, 0);
    });
  }

  @Test
  @SemanticsRow("owner.fixed")
  void everythingIsShownAsTheMountWantsIt() throws Exception {
    RemoteFixture on =
        new RemoteFixture(
            ServerDialect.OPENSSH,
            RemoteFixture.SETTINGS.with(new RemoteSettings.View(999, 998, 027, 0666, 0777)),
            files -> files);
    on.serverHas("file", new byte[0]);
    on.serverHasDirectory(on.server.root(), "dir");
    on.pace.run(() -> {
      assertOwner(shown(on, "file"), 999, 998);
      assertThat(shown(on, "file").permissions()).isEqualTo(0640);
      assertThat(shown(on, "dir").permissions()).isEqualTo(0750);
    });
  }
}
