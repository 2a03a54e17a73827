package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.testing.Fault;
import dev.mooring.testing.Names;
import dev.mooring.testing.SemanticsRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of requests that must not be carried out twice when the connection is lost. */
@Timeout(60)
class LostReplyTest {
  private static final int OPEN = 3;
  private static final int WRITE = 6;
  private static final int READDIR = 12;
  private static final int REMOVE = 13;
  private static final int MKDIR = 14;
  private static final int RMDIR = 15;
  private static final int SYMLINK = 20;
  private static final int EXTENDED = 200;

  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = RemoteFixture.reconnecting();
  }

  /** A cut before the server saw the request, and one after it carried it out. */
  static List<Fault> cuts() {
    return List.of(new Fault.CutBefore(), new Fault.CutAfter());
  }

  private static FileName name(String name) throws ErrnoException {
    return FileName.of(name);
  }

  private void lookedUpAbsent(String name) throws Exception {
    assertThat(on.remote.lookup(on.remote.root(), name(name), on.caller()))
        .isInstanceOf(Entry.Absent.class);
  }

  private @org.jspecify.annotations.Nullable FileType onServer(String name) throws Exception {
    Entry found = on.server.lookup(on.server.root(), name(name), on.caller());
    if (!(found instanceof Entry.Present present)) {
      return null;
    }
    on.server.forget(present.node(), 1);
    return FileType.ofMode(present.attributes().value().mode());
  }

  private static void fails(
      Errno errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @SemanticsRow("lost.once")
  void mkdirIsDoneOnce(Fault cut) throws Exception {
    on.pace.run(() -> {
      lookedUpAbsent("dir");
      on.next(MKDIR, cut);

      on.remote.mkdir(on.remote.root(), name("dir"), 0755, on.caller());

      assertThat(onServer("dir")).isEqualTo(FileType.DIRECTORY);
    });
  }

  @Test
  @SemanticsRow("lost.once")
  void aDirectoryThatMayBeSomebodyElsesIsAnError() throws Exception {
    on.pace.run(() -> {
      lookedUpAbsent("dir");
      on.pace.sleep(Duration.ofSeconds(3));
      on.next(MKDIR, new Fault.CutAfter());

      fails(Errno.EIO, () -> on.remote.mkdir(on.remote.root(), name("dir"), 0755, on.caller()));

      on.find("dir");
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @SemanticsRow("lost.once")
  void anExclusiveCreateIsDoneOnceAndCanBeWrittenTo(Fault cut) throws Exception {
    on.pace.run(() -> {
      lookedUpAbsent("lock");
      on.next(OPEN, cut);

      Created made =
          on.remote.create(
              on.remote.root(), name("lock"), OpenFlags.READ_WRITE.excluding(), 0644, on.caller());
      on.write(made.file(), 0, "mine");
      made.file().flush(on.caller());

      assertThat(on.text(made.file())).isEqualTo("mine");
      made.file().release();
    });
  }

  @Test
  void anExclusiveCreateThatFoundSomebodyElsesFileIsAnError() throws Exception {
    on.pace.run(() -> {
      lookedUpAbsent("lock");
      on.next(OPEN, new Fault.CutBefore());
      on.after(1, () -> serverHas("lock", "theirs"));

      fails(
          Errno.EEXIST,
          () ->
              on.remote.create(
                  on.remote.root(),
                  name("lock"),
                  OpenFlags.READ_WRITE.excluding(),
                  0644,
                  on.caller()));
    });
  }

  private void serverHas(String name, String content) {
    try {
      on.serverHas(name, content.getBytes(StandardCharsets.UTF_8));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void aCreateThatMayFindAFileOpensIt(Fault cut) throws Exception {
    on.pace.run(() -> {
      on.next(OPEN, cut);
      Created made = on.create("file");
      on.write(made.file(), 0, "text");
      made.file().flush(on.caller());
      assertThat(on.text(made.file())).isEqualTo("text");
      made.file().release();
    });
  }

  @Test
  void whatALostRequestMadeIsListed() throws Exception {
    on.pace.run(() -> {
      assertThat(Names.of(on.remote, on.remote.root(), on.caller())).isEmpty();
      on.next(OPEN, new Fault.CutAfter());
      on.create("file").file().release();

      assertThat(Names.of(on.remote, on.remote.root(), on.caller())).containsExactly("file");
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @SemanticsRow("lost.once")
  void unlinkIsDoneOnce(Fault cut) throws Exception {
    serverHas("file", "x");
    on.pace.run(() -> {
      on.find("file");
      on.next(REMOVE, cut);

      on.remote.unlink(on.remote.root(), name("file"), on.caller());

      assertThat(onServer("file")).isNull();
    });
  }

  @Test
  void unlinkDoesNotRemoveWhatOthersMadeMeanwhile() throws Exception {
    serverHas("file", "x");
    on.pace.run(() -> {
      on.find("file");
      on.next(REMOVE, new Fault.CutAfter());
      on.after(1, () -> serverHas("file", "somebody else's"));

      fails(Errno.EIO, () -> on.remote.unlink(on.remote.root(), name("file"), on.caller()));

      assertThat(onServer("file")).isEqualTo(FileType.REGULAR);
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void rmdirIsDoneOnce(Fault cut) throws Exception {
    on.serverHasDirectory(on.server.root(), "dir");
    on.pace.run(() -> {
      on.find("dir");
      on.next(RMDIR, cut);

      on.remote.rmdir(on.remote.root(), name("dir"), on.caller());

      assertThat(onServer("dir")).isNull();
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @SemanticsRow("lost.once")
  void renameIsDoneOnce(Fault cut) throws Exception {
    serverHas("from", "content");
    serverHas("to", "old");
    on.pace.run(() -> {
      on.find("from");
      on.find("to");
      on.next(EXTENDED, cut);

      on.remote.rename(
          on.remote.root(),
          name("from"),
          on.remote.root(),
          name("to"),
          RenameFlags.REPLACE,
          on.caller());

      OpenFile moved = on.open("to", OpenFlags.READ);
      assertThat(on.text(moved)).isEqualTo("content");
      moved.release();
      assertThat(onServer("from")).isNull();
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @SemanticsRow("lost.once")
  void symlinkAndLinkAreDoneOnce(Fault cut) throws Exception {
    serverHas("file", "x");
    on.pace.run(() -> {
      on.find("file");
      lookedUpAbsent("soft");
      on.next(SYMLINK, cut);
      on.remote.symlink(
          on.remote.root(),
          name("soft"),
          TargetBytes.of("file".getBytes(StandardCharsets.UTF_8)),
          on.caller());
      lookedUpAbsent("hard");
      on.next(EXTENDED, cut);
      on.remote.link(on.find("file"), on.remote.root(), name("hard"), on.caller());

      assertThat(onServer("soft")).isEqualTo(FileType.SYMLINK);
      assertThat(onServer("hard")).isEqualTo(FileType.REGULAR);
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @SemanticsRow("lost.append")
  void appendedBytesAreThereOnce(Fault cut) throws Exception {
    serverHas("log", "one\n");
    on.pace.run(() -> {
      OpenFile log = on.open("log", OpenFlags.WRITE.appending());
      on.write(log, 0, "two\n");
      log.flush(on.caller());
      on.next(WRITE, cut);
      on.write(log, 0, "two\n");
      log.fsync(false, on.caller());
      log.release();

      OpenFile reader = on.open("log", OpenFlags.READ);
      assertThat(on.text(reader)).isEqualTo("one\ntwo\ntwo\n");
      reader.release();
    });
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void appendedBytesAreThereOnceWhateverIsWrittenBehindThem(Fault cut) throws Exception {
    serverHas("log", "one\n");
    on.pace.run(() -> {
      OpenFile log = on.open("log", OpenFlags.READ_WRITE.appending());
      OpenFile other = on.open("log", OpenFlags.WRITE);
      on.next(WRITE, cut);
      on.write(log, 0, "two\n");
      on.write(other, 8, "three\n");
      log.fsync(false, on.caller());
      assertThat(on.text(log)).isEqualTo("one\ntwo\nthree\n");

      on.next(WRITE, cut);
      on.write(log, 0, "four\n");
      on.remote.setattr(log.node(), log, AttributeChange.ofSize(16), on.caller());
      assertThat(on.text(log)).isEqualTo("one\ntwo\nthree\nfo");
      log.flush(on.caller());
      log.release();
      other.release();
    });
  }

  @Test
  @SemanticsRow("lost.append")
  void appendedBytesThatCannotBeToldFromOthersAreAnErrorOnce() throws Exception {
    serverHas("log", "one\n");
    on.pace.run(() -> {
      OpenFile log = on.open("log", OpenFlags.WRITE.appending());
      on.next(WRITE, new Fault.CutBefore());
      on.after(1, () -> serverHas("log", "one\nxxx\n"));
      on.write(log, 0, "two\n");

      fails(Errno.EIO, () -> log.fsync(false, on.caller()));
      log.fsync(false, on.caller());
      log.release();
    });
  }

  @Test
  @SemanticsRow("lost.listing")
  void aListingGoesOnAfterACut() throws Exception {
    for (int i = 0; i < 250; i++) {
      serverHas("file" + i, "");
    }
    on.pace.run(() -> {
      on.next(READDIR, new Fault.CutBefore());
      List<String> names = Names.of(on.remote, on.remote.root(), on.caller());

      assertThat(names).doesNotHaveDuplicates().hasSize(250);
    });
  }

  @Test
  void anOpenFileThatHasNoNameAnyMoreIsStaleAfterACut() throws Exception {
    serverHas("file", "content");
    on.pace.run(() -> {
      OpenFile open = on.open("file", OpenFlags.READ);
      on.remote.unlink(on.remote.root(), name("file"), on.caller());
      assertThat(on.text(open)).isEqualTo("content");
      on.cut();

      fails(Errno.ESTALE, () -> on.read(open, 0, 100));
      open.release();
    });
  }

  @Test
  @SemanticsRow("lost.identity")
  void aFileWhoseLastBytesAreNotOursIsStaleAndNothingIsWrittenToIt() throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.write(made.file(), 0, "our bytes");
      made.file().flush(on.caller());
      on.cut();
      serverHas("file", "no bytes of ours");
      on.write(made.file(), 9, " and more");

      fails(Errno.ESTALE, () -> made.file().flush(on.caller()));
      made.file().release();

      OpenFile reader = on.open("file", OpenFlags.READ);
      assertThat(on.text(reader)).isEqualTo("no bytes of ours");
      reader.release();
    });
  }
}
