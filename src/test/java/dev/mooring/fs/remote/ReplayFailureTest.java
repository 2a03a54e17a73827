package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Created;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.RemoteStatistics;
import dev.mooring.testing.Fault;
import dev.mooring.testing.SemanticsRow;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that come back after a cut and do not take what is sent again. */
@Timeout(60)
class ReplayFailureTest {
  private static final int OPEN = 3;
  private static final int WRITE = 6;
  private static final int EXTENDED = 200;
  private static final int EXTENDED_REPLY = 201;
  private static final Fault DENIED = new Fault.Refused(3);
  private static final Fault FAILED = new Fault.Refused(4);

  private RemoteFixture on;

  @BeforeEach
  void begin() throws Exception {
    on = RemoteFixture.reconnecting();
  }

  /** What statvfs says; the same numbers are good enough for an answer about limits. */
  private static Fault disk(long free, long flags) {
    ByteBuffer fields = ByteBuffer.allocate(11 * Long.BYTES);
    for (long field : new long[] {4096, 4096, 4096, free, free, 1000, 1000, 1000, 1, flags, 255}) {
      fields.putLong(field);
    }
    return new Fault.Forged(EXTENDED_REPLY, fields.flip());
  }

  private static void assertErrno(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ErrnoException.class,
            e ->
                assertThat(e.errno()).as("%s, %s", e, Throwables.getRootCause(e)).isEqualTo(errno));
  }

  /** The first WRITE is cut, and what is of a type then meets with a fault. */
  private void cutAWriteAndThen(int type, Fault fault, Fault disk) {
    AtomicBoolean cut = new AtomicBoolean();
    on.meetWith(arrived -> {
      if (arrived == WRITE && !cut.getAndSet(true)) {
        return new Fault.CutBefore();
      }
      return !cut.get() ? null : arrived == type ? fault : arrived == EXTENDED ? disk : null;
    });
  }

  /** The loss is told once, within the deadline, and what is written later arrives. */
  private void assertToldOnce(Errno errno) throws Exception {
    on.pace.run(() -> {
      Created made = on.create("file");
      on.write(made.file(), 0, "this is lost");
      long before = on.pace.nanoTime();
      assertErrno(errno, () -> made.file().flush(on.pace.caller(Duration.ofSeconds(30))));
      assertThat(Duration.ofNanos(on.pace.nanoTime() - before))
          .isLessThanOrEqualTo(Duration.ofSeconds(31));
      made.file().flush(on.caller());
      assertThat(on.remote.unwritten()).isEmpty();
      made.file().release();

      on.meetWith(Fault.Plan.NONE);
      on.pace.sleep(Duration.ofSeconds(3));
      OpenFile again = on.open("file", OpenFlags.READ_WRITE.truncating());
      on.write(again, 0, "this is kept");
      again.flush(on.caller());
      assertThat(on.text(again)).isEqualTo("this is kept");
      again.release();
      on.pace.sleep(Duration.ofSeconds(1));
      assertThat(on.openHandles()).isZero();
    });
  }

  @Test
  @SemanticsRow({"errno.no-space", "write.error"})
  void aDiskThatIsFullByThenIsToldOnce() throws Exception {
    cutAWriteAndThen(WRITE, FAILED, disk(0, 0));
    assertToldOnce(Errno.ENOSPC);
  }

  @Test
  @SemanticsRow({"errno.read-only", "write.error"})
  void aDiskThatIsReadOnlyByThenIsToldOnce() throws Exception {
    cutAWriteAndThen(WRITE, FAILED, disk(1000, RemoteStatistics.READ_ONLY));
    assertToldOnce(Errno.EROFS);
  }

  @Test
  @SemanticsRow("write.error")
  void aServerThatOpensNothingForWritingAnyMoreIsToldOnce() throws Exception {
    cutAWriteAndThen(OPEN, DENIED, disk(1000, RemoteStatistics.READ_ONLY));
    assertToldOnce(Errno.EIO);
  }

  @ParameterizedTest
  @ValueSource(ints = {WRITE, OPEN})
  @SemanticsRow("write.error")
  void aServerThatOnlyFailsIsToldOnce(int type) throws Exception {
    cutAWriteAndThen(type, FAILED, disk(1000, 0));
    assertToldOnce(Errno.EIO);
  }
}
