package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Created;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.RemotePath;
import dev.mooring.testing.Fault;
import dev.mooring.testing.SemanticsRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of open files and pending writes when the channel is lost. */
@Timeout(60)
class ReconnectTest {
  /** SSH_FXP_WRITE. */
  private static final int WRITE = 6;

  /** SSH_FXP_FSTAT. */
  private static final int FSTAT = 8;

  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = RemoteFixture.reconnecting();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @SemanticsRow("lost.nothing")
  void pendingWritesArriveAfterTheChannelWasLost() throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.write(made.file(), 0, "written ");
      on.cut();
      on.write(made.file(), 8, "and kept");
      made.file().flush(on.caller());

      OpenFile reader = on.open("file", OpenFlags.READ);
      assertThat(on.text(reader)).isEqualTo("written and kept");
      reader.release();
      made.file().release();
    });
  }

  @Test
  @SemanticsRow("lost.nothing")
  void aReaderGoesOnAfterTheChannelWasLost() throws Exception {
    on.serverHas("file", bytes("content"));
    on.pace.run(() -> {
      OpenFile reader = on.open("file", OpenFlags.READ);
      on.cut();

      assertThat(on.text(reader)).isEqualTo("content");
      reader.release();
    });
  }

  @Test
  @SemanticsRow("lost.identity")
  void aFileThatWasReplacedMeanwhileIsStale() throws Exception {
    on.serverHas("file", bytes("content"));
    on.pace.run(() -> {
      OpenFile reader = on.open("file", OpenFlags.READ);
      on.cut();
      on.serverHas("file", bytes("something else"));

      assertThatThrownBy(() -> on.text(reader))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
      reader.release();
    });
  }

  @Test
  @SemanticsRow("lost.identity")
  void aFileThatWeHaveShortenedIsStillTheSame() throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.next(FSTAT, new Fault.CutAfter());
      on.write(
          made.file(), 30_000, "cut off, though acknowledged after the shortening was asked for");
      on.remote.setattr(made.file().node(), made.file(), AttributeChange.ofSize(4), on.caller());
      on.write(made.file(), 0, "text");
      made.file().flush(on.caller());

      assertThat(on.text(made.file())).isEqualTo("text");
      made.file().release();
    });
  }

  @Test
  void aFileThatVanishedLosesItsWritesWithAnErrorOnce() throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.write(made.file(), 0, "lost");
      on.cut();
      on.server.unlink(on.server.root(), FileName.of("file"), on.caller());

      assertThatThrownBy(() -> made.file().flush(on.caller())).isInstanceOf(ErrnoException.class);
      made.file().flush(on.caller());
      made.file().release();
      on.pace.sleep(Duration.ofSeconds(1));
    });
  }

  @Test
  @SemanticsRow("lost.soft")
  void whatWasReportedAsLostIsNeverWritten() throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.write(made.file(), 0, "kept");
      made.file().flush(on.caller());
      on.down = true;
      on.cut();
      on.write(made.file(), 4, " and lost");
      long began = on.pace.nanoTime();

      assertThatThrownBy(() -> made.file().fsync(false, on.pace.caller(Duration.ofSeconds(30))))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
      assertThat(Duration.ofNanos(on.pace.nanoTime() - began)).isEqualTo(Duration.ofSeconds(30));
      on.down = false;
      on.pace.sleep(Duration.ofMinutes(2));
      made.file().flush(on.caller());
      made.file().release();

      OpenFile reader = on.open("file", OpenFlags.READ);
      assertThat(on.text(reader)).isEqualTo("kept");
      reader.release();
      assertThat(on.remote.unwritten()).isEmpty();
    });
  }

  @Test
  @SemanticsRow("lost.soft")
  void aLossIsReportedOnceAlsoWhenTheWriteIsStillOnItsWay() throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.next(WRITE, new Fault.Stalled());
      on.write(made.file(), 0, "stalled");

      assertThatThrownBy(() -> made.file().flush(on.pace.caller(Duration.ofSeconds(30))))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
      on.cut();
      on.pace.sleep(Duration.ofMinutes(2));
      made.file().flush(on.caller());
      made.file().release();

      assertThat(on.remote.unwritten()).isEmpty();
    });
  }

  @Test
  @SemanticsRow("lost.hard")
  void hardWaitsUntilTheServerIsBack() throws Exception {
    RemoteFixture hard =
        RemoteFixture.reconnecting(RemoteSettings.of(RemotePath.of("/")).waitingForEver());
    hard.pace.run(() -> {
      Created made = hard.create("file");
      hard.down = true;
      hard.cut();
      hard.write(made.file(), 0, "late");
      hard.pace.schedule(Duration.ofHours(2), () -> hard.down = false);
      long began = hard.pace.nanoTime();

      made.file().fsync(false, hard.caller());

      assertThat(Duration.ofNanos(hard.pace.nanoTime() - began)).isGreaterThan(Duration.ofHours(2));
      assertThat(hard.text(made.file())).isEqualTo("late");
      made.file().release();
    });
  }
}
