package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlowTest {
  private static final long MILLI = 1_000_000;
  private static final int MIB = 1 << 20;

  private final Flow flow = new Flow();

  /** A request that is sent and answered with so much in between. */
  private void carry(int bytes, long sentMillis, long carriedThen, long nowMillis) {
    flow.arrived(bytes, sentMillis * MILLI, carriedThen, nowMillis * MILLI);
  }

  @Test
  void aWindowThatIsFullAllTheTimeIsWhatARoundTripCarries() {
    carry(MIB, 0, 0, 100);
    carry(MIB, 0, 0, 100);
    carry(MIB, 100, MIB, 200);
    carry(MIB, 100, 2 * MIB, 200);

    assertThat(flow.bytesIn(100 * MILLI)).isEqualTo(2 * MIB);
    assertThat(flow.carried()).isEqualTo(4 * MIB);
  }

  @Test
  void aPauseBetweenTransfersDoesNotCount() {
    carry(MIB, 0, 0, 100);
    carry(MIB, 100_000, MIB, 100_100);

    assertThat(flow.bytesIn(100 * MILLI)).isEqualTo(MIB);
  }

  @Test
  void whatWasFastIsForgottenAfterASecond() {
    carry(MIB, 0, 0, 10);
    carry(MIB, 10, MIB, 110);
    assertThat(flow.bytesIn(100 * MILLI)).isEqualTo(10 * MIB);

    carry(MIB, 1010, 2 * MIB, 1110);
    assertThat(flow.bytesIn(100 * MILLI)).isEqualTo(MIB);
  }

  @Test
  void theShortestRoundTripCountsUntilItIsOld() {
    RoundTrip trip = new RoundTrip();
    assertThat(trip.nanos()).isNegative();
    trip.measured(20 * MILLI, 0);
    trip.measured(300 * MILLI, MILLI);
    assertThat(trip.nanos()).isEqualTo(20 * MILLI);

    trip.measured(50 * MILLI, 11_000 * MILLI);
    assertThat(trip.nanos()).isEqualTo(50 * MILLI);
  }
}
