package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.sftp.RemoteAttributes;
import org.junit.jupiter.api.Test;

class AttributeCacheTest {
  private static final RemoteAttributes OLD = RemoteAttributes.ofSize(1);
  private static final RemoteAttributes NEW = RemoteAttributes.ofSize(2);

  private final AttributeCache cache = new AttributeCache();

  private static Asked asked(long tick) {
    return new Asked(0, tick);
  }

  @Test
  void aLateReplyNeverOverwritesANewerOne() {
    cache.learn(NEW, asked(2));

    assertThat(cache.learn(OLD, asked(1))).isTrue();

    assertThat(cache.seen()).extracting(AttributeCache.Seen::attributes).isSameAs(NEW);
  }

  @Test
  void nothingIsStoredWhileAChangeIsUnderWay() {
    cache.beginChange();

    assertThat(cache.learn(OLD, asked(1))).isFalse();
    assertThat(cache.seen()).isNull();
    assertThat(cache.isChanging()).isTrue();
  }

  @Test
  void whatWasAskedForBeforeAChangeEndedIsNotBelieved() {
    cache.beginChange();
    cache.endChange(null, 5);

    assertThat(cache.learn(OLD, asked(4))).isFalse();
    assertThat(cache.learn(NEW, asked(6))).isTrue();
  }

  @Test
  void theAnswerBehindAChangeIsKept() {
    cache.beginChange();
    cache.endChange(new AttributeCache.Seen(NEW, asked(1)), 2);

    assertThat(cache.seen()).extracting(AttributeCache.Seen::attributes).isSameAs(NEW);
  }

  @Test
  void theAnswerBehindAChangeThatAnotherOvertookIsNotKept() {
    cache.beginChange();
    cache.beginChange();
    cache.endChange(null, 3);
    cache.endChange(new AttributeCache.Seen(OLD, asked(2)), 4);

    assertThat(cache.seen()).isNull();
  }
}
