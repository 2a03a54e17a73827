package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits, and what fails, where a limit is met. */
@Timeout(60)
class BackPressureTest {
  private static final int WRITE = 6;
  private static final int MIB = 1 << 20;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = RemoteFixture.reconnecting();
  }

  private static void assertEio(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
  }

  /** Writes on and on as long as nobody has to wait. */
  private int writeUntilItWaits(OpenFile file) throws Exception {
    int written = 0;
    long before = on.pace.nanoTime();
    while (on.pace.nanoTime() == before) {
      assertThat(written).isLessThan(200 * MIB);
      try {
        written += file.write(written, Bytes.payload(new byte[MIB]), on.pace.caller(DEADLINE));
      } catch (ErrnoException e) {
        assertThat(e.errno()).isEqualTo(Errno.EIO);
        assertThat(Duration.ofNanos(on.pace.nanoTime() - before)).isEqualTo(DEADLINE);
      }
    }
    return written;
  }

  @Test
  void aWriterWaitsWhereItsFileHasAsMuchUnwrittenAsItMayAndGivesUpInTime() throws Exception {
    on.pace.run(() -> {
      OpenFile file = on.create("file").file();
      on.meetWith(type -> type == WRITE ? new Fault.Stalled() : null);

      int written = writeUntilItWaits(file);
      assertThat((long) written).isEqualTo(RemoteSettings.Transfer.DEFAULT.writeBufferBytes());
      on.cut();
      file.release();
    });
  }

  @Test
  void writersOfManyFilesWaitWhereTheMountHasNoMemoryLeft() throws Exception {
    on.pace.run(() -> {
      List<OpenFile> files = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        files.add(on.create("file" + i).file());
      }
      on.meetWith(type -> type == WRITE ? new Fault.Stalled() : null);

      long written = 0;
      for (OpenFile file : files) {
        written += writeUntilItWaits(file);
      }
      long pool = RemoteSettings.Transfer.DEFAULT.poolBytes();
      assertThat(written).isBetween(pool / 2, pool);
      on.cut();
      files.forEach(OpenFile::release);
    });
  }

  @Test
  void whatWouldWaitForTheConnectionBesideTooManyOthersIsAnError() throws Exception {
    on.serverHas("file", new byte[0]);
    on.pace.run(() -> {
      on.find("file");
      on.down = true;
      on.cut();
      on.pace.sleep(Duration.ofSeconds(6));
      List<CompletableFuture<Void>> waiting = new ArrayList<>();
      for (int i = 0; i < SftpSettings.DEFAULT.maxWaiting(); i++) {
        waiting.add(on.client.rmdir(RemotePath.of("/none")));
      }
      long before = on.pace.nanoTime();
      assertEio(() -> on.find("file"));
      assertThat(on.pace.nanoTime()).isEqualTo(before);

      on.down = false;
      for (CompletableFuture<Void> one : waiting) {
        assertThatThrownBy(() -> on.pace.get(one)).hasMessageContaining("NO_SUCH_FILE");
      }
      OpenFile file = on.open("file", OpenFlags.READ);
      file.release();
    });
  }
}
