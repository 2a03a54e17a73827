package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.SemanticsRow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerClockTest {
  private final LockStepPace pace = new LockStepPace();
  private final ServerClock clock = new ServerClock(pace);

  private void serverIsAhead(long seconds) {
    long now = pace.epochSeconds() + seconds;
    clock.made(new RemoteAttributes(0L, null, 0100644, new RemoteAttributes.Times(now, now)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 3, 86_400})
  @SemanticsRow("time.now")
  void nowIsWhatTheServerWouldCallNow(long ahead) throws Exception {
    serverIsAhead(ahead);
    pace.run(() -> {
      pace.sleep(Duration.ofSeconds(10));
      assertThat(clock.now()).isEqualTo(pace.epochSeconds() + ahead);
    });
  }

  @Test
  void whatTheRoundTripMayExplainIsNoDifference() {
    serverIsAhead(2);
    assertThat(clock.now()).isEqualTo(pace.epochSeconds());
  }

  @Test
  void aServerWhoseClockWasSetIsFollowed() {
    serverIsAhead(3600);
    serverIsAhead(0);
    assertThat(clock.now()).isEqualTo(pace.epochSeconds());
  }
}
