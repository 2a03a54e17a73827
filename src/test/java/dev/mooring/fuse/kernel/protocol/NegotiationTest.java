package dev.mooring.fuse.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.ErrnoException;
import org.junit.jupiter.api.Test;

class NegotiationTest {
  private static final int WRITEBACK_CACHE = 1 << 16;

  private static Request.Init init(int major, int minor, long flags) {
    return new Request.Init(major, minor, 131072, flags);
  }

  @Test
  void theOlderMinorVersionHolds() throws ErrnoException {
    assertThat(Negotiation.with(init(7, 31, 0)).minor()).isEqualTo(31);
    assertThat(Negotiation.with(init(7, 99, 0)).minor()).isEqualTo(Negotiation.NEWEST_MINOR);
  }

  @Test
  void onlyWhatIsOfferedAndWantedIsAgreedOn() throws ErrnoException {
    long offered = InitFlag.MAX_PAGES.bit() | WRITEBACK_CACHE;
    assertThat(Negotiation.with(init(7, 45, offered)).flags()).isEqualTo(InitFlag.MAX_PAGES.bit());
  }

  @Test
  void theKernelsWriteBackCacheIsNeverAgreedOn() {
    assertThat(InitFlag.all() & WRITEBACK_CACHE).isZero();
  }

  @Test
  void aNewerMajorVersionIsAskedToComeDown() throws ErrnoException {
    Request.Init newer = init(8, 0, 0);
    assertThat(Negotiation.with(newer).major()).isEqualTo(7);
    assertThat(Negotiation.with(newer).settles(newer)).isFalse();
  }

  @Test
  void aKernelThatIsTooOldIsToldSo() {
    assertThatThrownBy(() -> Negotiation.with(init(7, 22, 0))).hasMessageContaining("7.22");
    assertThatThrownBy(() -> Negotiation.with(init(6, 45, 0))).hasMessageContaining("6.45");
  }
}
