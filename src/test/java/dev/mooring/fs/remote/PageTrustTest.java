package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.testing.SemanticsRow;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PageTrustTest {
  private final PageTrust pages = new PageTrust();

  private static RemoteAttributes version(long size, long modified) {
    return new RemoteAttributes(size, null, 0100644, new RemoteAttributes.Times(0, modified));
  }

  private static long at(double seconds) {
    return Math.round(seconds * Duration.ofSeconds(1).toNanos());
  }

  @Test
  @SemanticsRow("open.revalidates")
  void pagesReadTwoSecondsAfterTheVersionWasSeenAreKept() {
    assertThat(pages.keepAtOpen(version(1, 1), at(0))).isFalse();
    pages.pagesRead(at(2));

    assertThat(pages.keepAtOpen(version(1, 1), at(3))).isTrue();
  }

  @Test
  void pagesReadSoonerAreDroppedAtTheNextOpen() {
    pages.keepAtOpen(version(1, 1), at(0));
    pages.pagesRead(at(1.9));

    assertThat(pages.keepAtOpen(version(1, 1), at(9))).isFalse();
  }

  @Test
  void pagesOfAnotherVersionAreDropped() {
    pages.keepAtOpen(version(1, 1), at(0));
    pages.pagesRead(at(5));

    assertThat(pages.keepAtOpen(version(1, 2), at(6))).isFalse();
    assertThat(pages.changedByOthers(version(3, 3), at(7))).isTrue();
    assertThat(pages.changedByOthers(version(3, 3), at(8))).isFalse();
  }

  @Test
  void ownChangesAreNotTakenForThoseOfOthers() {
    pages.keepAtOpen(version(1, 1), at(0));
    pages.changedByUs();

    assertThat(pages.changedByOthers(version(2, 2), at(1))).isFalse();
    assertThat(pages.keepAtOpen(version(2, 2), at(2))).isFalse();
  }
}
