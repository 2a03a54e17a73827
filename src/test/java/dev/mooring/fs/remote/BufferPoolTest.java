package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool(16L * BufferPool.BUFFER_BYTES);

  private List<SharedBuffer> speculate() {
    List<SharedBuffer> taken = new ArrayList<>();
    for (SharedBuffer one = pool.takeSpeculative(); one != null; one = pool.takeSpeculative()) {
      taken.add(one);
    }
    return taken;
  }

  @Test
  void speculationTakesHalfAtMost() {
    assertThat(speculate()).hasSize(8);
    assertThat(pool.reserve(4)).isDone();
    assertThat(pool.reserve(4)).isDone();
  }

  @Test
  void whoeverWaitsIsServedInTurnAndBeforeSpeculation() {
    for (int i = 0; i < 4; i++) {
      assertThat(pool.reserve(4)).isDone();
    }
    CompletableFuture<Void> first = pool.reserve(3);
    CompletableFuture<Void> second = pool.reserve(1);
    pool.giveBack(1);

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(pool.takeSpeculative()).isNull();
    pool.giveBack(3);
    assertThat(first).isDone();
    assertThat(second).isDone();
  }

  @Test
  void aReservationThatIsGivenUpComesBack() {
    for (int i = 0; i < 4; i++) {
      assertThat(pool.reserve(4)).isDone();
    }
    CompletableFuture<Void> late = pool.reserve(2);
    pool.abandon(late, 2);
    pool.giveBack(16);

    assertThat(late).isDone();
    assertThat(pool.taken()).isZero();
  }

  @Test
  void aBufferComesBackWhenItsLastHolderLetsGo() {
    assertThat(pool.reserve(1)).isDone();
    SharedBuffer buffer = pool.take();
    SliceLease lease = new SliceLease();
    lease.add(buffer, 10, 5);
    buffer.release();

    assertThat(pool.taken()).isEqualTo(1);
    lease.close();
    assertThat(pool.taken()).isZero();
  }

  @Test
  void whatABurstNeededIsFreedWhenItIsOver() {
    BufferPool large = new BufferPool(200L * BufferPool.BUFFER_BYTES);
    List<SharedBuffer> burst = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      assertThat(large.reserve(1)).isDone();
      burst.add(large.take());
    }
    burst.subList(0, 50).forEach(SharedBuffer::release);
    assertThat(large.idle()).isEqualTo(50);
    burst.subList(50, 100).forEach(SharedBuffer::release);

    assertThat(large.idle()).isBetween(1, 20);
    assertThat(large.taken()).isZero();
    large.close();
    assertThat(large.idle()).isZero();
  }

  @Test
  void whatWasGivenBackCannotBeHeldAnyMore() {
    assertThat(pool.reserve(1)).isDone();
    SharedBuffer buffer = pool.take();
    buffer.release();

    assertThatThrownBy(buffer::hold).isInstanceOf(IllegalStateException.class);
  }
}
