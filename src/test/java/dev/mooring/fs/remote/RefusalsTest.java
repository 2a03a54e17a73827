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
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a refusal of the server is told as. */
@Timeout(60)
class RefusalsTest {

  private static final OpenFlags EXCLUSIVE = OpenFlags.WRITE.excluding();

  private static FileName lock() throws ErrnoException {
    return FileName.of("lock");
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  /** A server that refuses a verb so many times, as if somebody else had been a moment earlier. */
  private static RemoteFixture refusing(ServerDialect dialect, String verb, Errno errno, int times)
      throws Exception {
    AtomicInteger left = new AtomicInteger(times);
    return new RemoteFixture(
        dialect,
        RemoteFixture.SETTINGS,
        files ->
            Interposed.before(
                files,
                (called, _) -> {
                  if (called.equals(verb) && left.getAndDecrement() > 0) {
                    throw new ErrnoException(errno, "refused by the test");
                  }
                }));
  }

  @Test
  @SemanticsRow("open.exclusive")
  void aLockFileThatWasJustRemovedIsMade() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "create", Errno.EEXIST, 5);
    on.pace.run(() -> {
      Created made = on.remote.create(on.remote.root(), lock(), EXCLUSIVE, 0644, on.caller());
      made.file().release();
    });
  }

  @Test
  @SemanticsRow("open.exclusive")
  void aLockDirectoryThatWasJustRemovedIsMade() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "mkdir", Errno.EEXIST, 5);
    on.pace.run(() -> on.remote.mkdir(on.remote.root(), lock(), 0755, on.caller()));
  }

  @Test
  @SemanticsRow("open.exclusive")
  void aLockLinkThatWasJustRemovedIsMade() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "link", Errno.EEXIST, 5);
    on.serverHas("file", new byte[0]);
    on.pace.run(() -> on.remote.link(on.find("file"), on.remote.root(), lock(), on.caller()));
  }

  @Test
  @SemanticsRow("open.exclusive")
  void aLockSymlinkThatWasJustRemovedIsMade() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "symlink", Errno.EEXIST, 5);
    on.pace.run(() ->
        on.remote.symlink(on.remote.root(), lock(), TargetBytes.of("host.1234"), on.caller()));
  }

  @Test
  @SemanticsRow("rename.no-replace")
  void aRenameOntoANameThatWasJustRemovedIsDone() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "rename", Errno.EEXIST, 5);
    on.serverHas("file", new byte[0]);
    on.pace.run(() -> {
      on.find("file");
      on.remote.rename(
          on.remote.root(),
          FileName.of("file"),
          on.remote.root(),
          lock(),
          RenameFlags.NO_REPLACE,
          on.caller());
      assertThat(on.find("lock")).isNotNull();
    });
  }

  @Test
  void aHeldLockIsToldInOneRoundTrip() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.serverHas("lock", new byte[0]);
    int bursts =
        on.pace.burstsOf(() ->
            assertErrno(
                Errno.EEXIST,
                () -> on.remote.create(on.remote.root(), lock(), EXCLUSIVE, 0644, on.caller())));

    assertThat(bursts).isEqualTo(1);
  }

  @Test
  @SemanticsRow("errno.bounded")
  void aServerThatAlwaysFailsIsAskedABoundedNumberOfTimes() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "mkdir", Errno.EIO, Integer.MAX_VALUE);
    int bursts =
        on.pace.burstsOf(() ->
            assertErrno(
                Errno.EIO, () -> on.remote.mkdir(on.remote.root(), lock(), 0755, on.caller())));

    assertThat(bursts).isLessThan(64);
  }

  @Test
  @SemanticsRow("errno.read-only")
  void anOpenSshServerThatIsReadOnlySaysSo() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH.denyingChanges());
    on.serverHas("file", "content".getBytes(StandardCharsets.UTF_8));
    on.pace.run(() -> {
      FileName file = FileName.of("file");
      Node root = on.remote.root();
      assertErrno(Errno.EROFS, () -> on.create("new"));
      assertErrno(Errno.EROFS, () -> on.remote.mkdir(root, lock(), 0755, on.caller()));
      assertErrno(Errno.EROFS, () -> on.remote.unlink(root, file, on.caller()));
      assertErrno(Errno.EROFS, () -> on.remote.rmdir(root, file, on.caller()));
      assertErrno(Errno.EROFS, () -> on.open("file", OpenFlags.WRITE));
      assertErrno(
          Errno.EROFS,
          () ->
              on.remote.setattr(
                  on.find("file"), null, AttributeChange.ofPermissions(0600), on.caller()));
    });
  }

  @Test
  @SemanticsRow("errno.denied")
  void truncatingWhatMayNotBeWrittenIsDeniedAndChmodIsNotPermitted() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH.denyingAttributes());
    on.serverHas("file", "content".getBytes(StandardCharsets.UTF_8));
    on.pace.run(() -> {
      Node file = on.find("file");
      assertErrno(
          Errno.EACCES,
          () -> on.remote.setattr(file, null, AttributeChange.ofSize(3), on.caller()));
      assertErrno(
          Errno.EPERM,
          () -> on.remote.setattr(file, null, AttributeChange.ofPermissions(0600), on.caller()));
    });
  }

  @Test
  @SemanticsRow("errno.denied")
  void removingFromAStickyDirectoryIsNotPermittedAndFromOthersDenied() throws Exception {
    RemoteFixture on = refusing(ServerDialect.OPENSSH, "unlink", Errno.EPERM, Integer.MAX_VALUE);
    on.serverHas("file", new byte[0]);
    on.pace.run(() -> {
      FileName file = FileName.of("file");
      assertErrno(Errno.EACCES, () -> on.remote.unlink(on.remote.root(), file, on.caller()));
      on.server.setattr(on.server.root(), null, AttributeChange.ofPermissions(01777), on.caller());
      assertErrno(Errno.EPERM, () -> on.remote.unlink(on.remote.root(), file, on.caller()));
      assertThat(on.remote.lookup(on.remote.root(), file, on.caller()))
          .isInstanceOf(Entry.Present.class);
    });
  }
}
