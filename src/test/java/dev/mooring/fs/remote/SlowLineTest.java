package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.testing.Bytes;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.SemanticsRow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A line that takes longer for all that is dirty than one call may wait. */
@Timeout(60)
class SlowLineTest {
  private static final int MIB = 1 << 20;
  private static final Duration ALLOWANCE = Duration.ofSeconds(10);

  private static RemoteFixture slow() throws Exception {
    return RemoteFixture.reconnecting(
        RemoteFixture.SETTINGS, new LockStepPace(Duration.ofSeconds(8)));
  }

  private static Created dirty(RemoteFixture on) throws Exception {
    Created made = on.create("file");
    for (int i = 0; i < 16; i++) {
      made.file().write((long) i * MIB, Bytes.payload(new byte[MIB]), on.caller());
    }
    return made;
  }

  @Test
  @SemanticsRow("write.slow-line")
  void closeWaitsAsLongAsBytesFlow() throws Exception {
    RemoteFixture on = slow();
    on.pace.run(() -> {
      Created made = dirty(on);
      long began = on.pace.nanoTime();
      made.file().flush(on.pace.caller(ALLOWANCE));

      assertThat(Duration.ofNanos(on.pace.nanoTime() - began)).isGreaterThan(ALLOWANCE);
      assertThat(on.remote.unwritten()).isEmpty();
      made.file().release();
    });
  }

  @Test
  @SemanticsRow("write.slow-line")
  void closeGivesUpWhenNothingFlows() throws Exception {
    RemoteFixture on = slow();
    on.pace.run(() -> {
      Created made = dirty(on);
      on.down = true;
      on.cut();
      Caller caller = on.pace.caller(ALLOWANCE);
      long began = on.pace.nanoTime();

      assertThatThrownBy(() -> made.file().flush(caller))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
      assertThat(Duration.ofNanos(on.pace.nanoTime() - began))
          .isLessThanOrEqualTo(ALLOWANCE.multipliedBy(2));
      made.file().release();
    });
  }
}
