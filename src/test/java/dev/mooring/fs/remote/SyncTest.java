package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.WouldWait;
import dev.mooring.fs.remote.RemoteFileSystem.Unwritten;
import dev.mooring.testing.SemanticsRow;
import dev.mooring.testing.ServerDialect;
import dev.mooring.testing.TestCaller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writing out everything that is dirty while its files stay open. */
@Timeout(60)
class SyncTest {
  private long sizeOnServer(RemoteFixture on, String name) throws Exception {
    Entry found = on.server.lookup(on.server.root(), FileName.of(name), on.caller());
    Entry.Present present = (Entry.Present) found;
    on.server.forget(present.node(), 1);
    return present.attributes().value().size();
  }

  private List<Created> openWithDirtyBytes(RemoteFixture on, int count) throws Exception {
    List<Created> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(on.create("file" + i));
    }
    for (Created file : files) {
      on.write(file.file(), 0, "dirty");
    }
    return files;
  }

  @Test
  void theFilesOfAllNodesAreWrittenInOneRoundTrip() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    List<Created> files = on.pace.call(() -> openWithDirtyBytes(on, 20));
    assertThat(on.remote.unwritten())
        .hasSize(20)
        .contains(new Unwritten("/file3", 5), new Unwritten("/file19", 5));

    assertThat(on.pace.burstsOf(() -> on.remote.sync(on.caller()))).isEqualTo(1);

    assertThat(on.remote.unwritten()).isEmpty();
    for (int i = 0; i < 20; i++) {
      assertThat(sizeOnServer(on, "file" + i)).isEqualTo(5);
    }
    files.forEach(file -> file.file().release());
  }

  @Test
  void whereNothingIsDirtyNobodyIsAsked() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.pace.run(() -> {
      on.create("file").file().release();
      on.pace.sleep(Duration.ofSeconds(1));
    });

    assertThat(on.pace.burstsOf(() -> on.remote.sync(TestCaller.notWaiting(on.pace)))).isZero();
  }

  @Test
  void oneWhoMayNotWaitIsSentAway() throws Exception {
    RemoteFixture on = new RemoteFixture(ServerDialect.OPENSSH);
    on.pace.run(() -> {
      List<Created> files = openWithDirtyBytes(on, 1);
      assertThatThrownBy(() -> on.remote.sync(TestCaller.notWaiting(on.pace)))
          .isInstanceOf(WouldWait.class);
      files.getFirst().file().release();
    });
  }

  @Test
  @SemanticsRow("write.error")
  void anErrorIsToldOnceAndEveryOpenFileIsToldOfItToo() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.pace.run(() -> {
      Created made = openWithDirtyBytes(on, 1).getFirst();
      on.cut();
      on.server.unlink(on.server.root(), FileName.of("file0"), on.caller());

      assertThatThrownBy(() -> on.remote.sync(on.caller()))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("5 bytes of /file0 are lost: ");
      on.remote.sync(on.caller());
      assertThatThrownBy(() -> made.file().flush(on.caller())).isInstanceOf(ErrnoException.class);
      assertThat(on.remote.unwritten()).isEmpty();
      made.file().release();
    });
  }

  @Test
  void anErrorThatSomebodyWasToldIsNotToldAgain() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.pace.run(() -> {
      Created made = openWithDirtyBytes(on, 1).getFirst();
      on.cut();
      on.server.unlink(on.server.root(), FileName.of("file0"), on.caller());

      assertThatThrownBy(() -> made.file().flush(on.caller())).isInstanceOf(ErrnoException.class);
      on.remote.sync(on.caller());
      made.file().release();
    });
  }

  @Test
  void itsDeadlineHoldsAndTheBytesStayQueued() throws Exception {
    RemoteFixture on = RemoteFixture.reconnecting();
    on.pace.run(() -> {
      List<Created> files = openWithDirtyBytes(on, 1);
      on.cut();
      assertThatThrownBy(() -> on.remote.sync(TestCaller.within(on.pace, Duration.ofMillis(1))))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
      assertThat(on.remote.unwritten()).containsExactly(new Unwritten("/file0", 5));

      on.remote.sync(on.caller());
      assertThat(sizeOnServer(on, "file0")).isEqualTo(5);
      files.getFirst().file().release();
    });
  }
}
