package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.testing.Fault;
import dev.mooring.testing.Names;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import dev.mooring.testing.TestCaller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong only when two things happen at once, or one at the wrong moment. */
@Timeout(60)
class RacesTest {
  /** The type of an OPEN. */
  private static final int OPEN = 3;

  private static final RemoteAttributes REGULAR = RemoteAttributes.ofMode(0100644);
  private static final RemoteSettings SETTINGS = RemoteSettings.of(RemotePath.of("/"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void whatIsBelowAVanishedDirectoryIsNotLookedForElsewhere() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    Node lost = on.serverHasDirectory(on.server.root(), "lost");
    on.serverHasDirectory(lost, "dir");
    on.serverHasDirectory(on.server.root(), "dir");
    on.serverHas("innocent", bytes("precious"));
    on.pace.run(() -> {
      Node top = on.find("lost");
      Node dir = on.find(top, "dir");
      on.server.rename(
          on.server.root(),
          FileName.of("lost"),
          on.server.root(),
          FileName.of("elsewhere"),
          RenameFlags.REPLACE,
          on.caller());
      Node innocentDir =
          ((Entry.Present) on.server.lookup(on.server.root(), FileName.of("dir"), on.caller()))
              .node();
      on.server.rename(
          on.server.root(),
          FileName.of("innocent"),
          innocentDir,
          FileName.of("innocent"),
          RenameFlags.REPLACE,
          on.caller());
      on.pace.sleep(Duration.ofSeconds(6));
      assertThat(on.remote.lookup(on.remote.root(), FileName.of("lost"), on.caller()))
          .isInstanceOf(Entry.Absent.class);

      assertErrno(Errno.ESTALE, () -> on.remote.unlink(dir, FileName.of("innocent"), on.caller()));
      assertThat(on.server.lookup(innocentDir, FileName.of("innocent"), on.caller()))
          .isInstanceOf(Entry.Present.class);
    });
  }

  @Test
  void writesThatCannotBeSentAgainAreGivenUpTogether() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.pace.run(() -> {
      Created made = on.create("file");
      on.down = true;
      on.cut();
      on.pace.sleep(Duration.ofMillis(1));
      for (int i = 0; i < 8; i++) {
        on.write(made.file(), 100L * i, "apart");
      }
      long began = on.pace.nanoTime();

      assertThatThrownBy(() -> made.file().flush(on.caller())).isInstanceOf(ErrnoException.class);
      assertThat(Duration.ofNanos(on.pace.nanoTime() - began)).isLessThan(Duration.ofSeconds(100));
      made.file().release();
    });
  }

  @Test
  void aCopyWhoseChannelIsLostEnds() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.serverHas("source", bytes("content"));
    on.pace.run(() -> {
      OpenFile source = on.open("source", OpenFlags.READ);
      Created target = on.create("target");
      on.after(0, on::cut);

      assertErrno(
          Errno.EOPNOTSUPP,
          () -> on.remote.copyFileRange(source, 0, target.file(), 0, 7, on.caller()));
      source.release();
      target.file().release();
    });
  }

  @Test
  void aReaderOnAndOnSurvivesTheLossOfWhatWasReadAhead() throws Exception {
    for (int lost = 8; lost < 24; lost++) {
      RemoteFixture on = RemoteFixture.reconnecting();
      on.serverHas("file", new byte[4 << 20]);
      int cutBefore = lost;
      on.pace.run(() -> {
        OpenFile reader = on.open("file", OpenFlags.READ);
        for (int i = 0; i < 32; i++) {
          if (i == cutBefore) {
            on.cut();
            on.pace.sleep(Duration.ofMillis(1));
          }
          assertThat(on.read(reader, i * 131_072L, 131_072)).hasSize(131_072);
        }
        reader.release();
      });
    }
  }

  @Test
  void whatIsMadeWhileADirectoryIsListedIsInTheNextListing() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    for (int i = 0; i < 2000; i++) {
      on.serverHas("file" + i, bytes("x"));
    }
    on.pace.run(() -> {
      on.pace.execute(() -> {
        try {
          Names.of(on.remote, on.remote.root(), on.caller());
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
      on.find("file0");
      on.create("new").file().release();
      on.pace.sleep(Duration.ofSeconds(1));

      assertThat(Names.of(on.remote, on.remote.root(), on.caller())).contains("new");
    });
  }

  @Test
  void aCreationOfUnknownOutcomeIsNotTakenForAbsent() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.serverHas("other", bytes("x"));
    on.pace.run(() -> {
      Names.of(on.remote, on.remote.root(), on.caller());
      Cancellation cancelled = new Cancellation();
      cancelled.cancel();
      Caller killed = TestCaller.cancelledBy(on.caller(), cancelled);
      assertErrno(
          Errno.EINTR,
          () ->
              on.remote.create(
                  on.remote.root(), FileName.of("new"), OpenFlags.WRITE, 0644, killed));

      assertThat(on.remote.lookup(on.remote.root(), FileName.of("new"), on.caller()))
          .isInstanceOf(Entry.Present.class);
    });
  }

  @Test
  @SemanticsRow("rename.replaces")
  void aRenameThatIsKilledHalfwayLeavesNoNameMissing() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.PLAIN);
    on.serverHas("new", bytes("new"));
    on.serverHas("old", bytes("old"));
    on.pace.run(() -> {
      on.find("new");
      on.find("old");
      Cancellation kill = new Cancellation();
      on.after(2, kill::cancel);

      assertErrno(
          Errno.EINTR,
          () ->
              on.remote.rename(
                  on.remote.root(),
                  FileName.of("new"),
                  on.remote.root(),
                  FileName.of("old"),
                  RenameFlags.REPLACE,
                  TestCaller.cancelledBy(on.caller(), kill)));
      on.pace.sleep(Duration.ofSeconds(1));

      assertThat(on.server.lookup(on.server.root(), FileName.of("old"), on.caller()))
          .isInstanceOf(Entry.Present.class);
    });
  }

  /** By the time the server opens it, that name may be another file's. */
  @Test
  void whatIsOpenedWhileItMovesHasToBeLookedUpAgain() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.serverHas("old", bytes("content"));
    on.pace.run(() -> {
      Node file = on.find("old");
      on.next(OPEN, new Fault.Delayed(4));
      CompletableFuture<Void> renamed = new CompletableFuture<>();
      on.pace.execute(() -> {
        try {
          Node root = on.remote.root();
          FileName old = FileName.of("old");
          on.remote.rename(root, old, root, FileName.of("new"), RenameFlags.REPLACE, on.caller());
          renamed.complete(null);
        } catch (ErrnoException e) {
          renamed.completeExceptionally(e);
        }
      });

      assertErrno(Errno.ESTALE, () -> on.remote.open(file, OpenFlags.READ, on.caller()));
      on.pace.get(renamed);
      OpenFile again = on.remote.open(file, OpenFlags.READ, on.caller());
      assertThat(on.text(again)).isEqualTo("content");
      again.release();
      on.pace.sleep(Duration.ofSeconds(3));
    });
    assertThat(on.openHandles()).isZero();
  }

  @Test
  void whatOthersSeeBeforeItsMakerIsToldIsTheSameNode() throws Exception {
    FileName log = FileName.of("log");
    Shared shared = shared();
    NodeTable table = shared.table();
    Asked sent = shared.now();
    RemoteNode seen = table.arrived(table.root(), log, REGULAR, shared.now());

    RemoteNode made =
        table.created(table.root(), log, FileType.REGULAR, sent, shared.ticks().next());

    assertThat(made).isSameAs(seen);
    assertThat(table.path(made)).isEqualTo(RemotePath.of("/log"));
  }

  @Test
  void whatWasSeenBeforeSomethingWasMadeIsAnotherNode() throws Exception {
    FileName log = FileName.of("log");
    Shared shared = shared();
    NodeTable table = shared.table();
    RemoteNode seen = table.arrived(table.root(), log, REGULAR, shared.now());
    Asked sent = shared.now();

    RemoteNode made =
        table.created(table.root(), log, FileType.REGULAR, sent, shared.ticks().next());

    assertThat(made).isNotSameAs(seen);
  }

  private static Shared shared() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    return Shared.of(
        on.client,
        on.pace,
        SETTINGS,
        RememberedOwners.NONE,
        new BufferPool(0, new NativeMemory(0)),
        new NodeBudget(100));
  }

  @Test
  void ofNoMoreIdleFilesThanIsWantedIsAnythingRemembered() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    RemoteSettings.Lifetimes usual = SETTINGS.lifetimes();
    RemoteSettings few =
        SETTINGS.with(
            new RemoteSettings.Lifetimes(
                usual.attributes(),
                usual.openAttributes(),
                usual.entries(),
                usual.absent(),
                usual.directories(),
                usual.statistics(),
                3));
    NodeTable table =
        Shared.of(
                on.client,
                on.pace,
                few,
                RememberedOwners.NONE,
                new BufferPool(0, new NativeMemory(0)),
                new NodeBudget(100))
            .table();
    Ticks ticks = new Ticks(on.pace);
    for (int i = 0; i < 10; i++) {
      RemoteNode seen = table.arrived(table.root(), FileName.of("f" + i), REGULAR, ticks.ask());
      table.forget(Objects.requireNonNull(seen), 1);
    }

    assertThat(table.size()).isEqualTo(4);
  }

  @Test
  void nothingIsAskedOnAHandleThatHasBeenClosed() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.pace.run(() -> {
      RemoteFile file = (RemoteFile) on.create("file").file();
      ServerFile closed = file.serverFile();
      file.release();

      assertErrno(
          Errno.ESTALE,
          () ->
              on.pace.get(
                  closed.ask(handle -> {
                    throw new AssertionError("asked on " + handle);
                  })));
    });
  }

  @Test
  void aFileWhoseOwnerCannotBeShownLeavesNothingBehind() throws Exception {
    IdMapping nobody = new IdMapping(Map.of(5, 5), Map.of(), true);
    RemoteFixture on = RemoteFixture.reconnecting(SETTINGS.with(SETTINGS.owners().with(nobody)));
    on.pace.run(() -> {
      assertErrno(Errno.EPERM, () -> on.create("file"));
      assertErrno(
          Errno.EPERM,
          () -> on.remote.mkdir(on.remote.root(), FileName.of("dir"), 0755, on.caller()));
      on.pace.sleep(Duration.ofSeconds(1));
    });
    assertThat(on.remote.references()).isZero();
    assertThat(on.openHandles()).isZero();
  }
}
