package dev.mooring.fs.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private static final long MIB = 1 << 20;

  private final NativeMemory share = new NativeMemory(100 * MIB);
  private final BufferPool pool = new BufferPool(16L * BufferPool.BUFFER_BYTES, share);

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
    BufferPool large = new BufferPool(200L * BufferPool.BUFFER_BYTES, share);
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
    assertThat(share.left()).isEqualTo(100 * MIB);
  }

  /** Takes single buffers, as writers do, until one would have to wait. */
  private static List<SharedBuffer> demand(BufferPool of) {
    List<SharedBuffer> taken = new ArrayList<>();
    CompletableFuture<Void> next = of.reserve(1);
    while (next.isDone()) {
      taken.add(of.take());
      next = of.reserve(1);
    }
    of.abandon(next, 1);
    return taken;
  }

  @Test
  void whatIsBeyondWhatAMountIsSureOfComesOutOfOneShareForAll() {
    NativeMemory small = new NativeMemory(10 * MIB);
    BufferPool first = new BufferPool(64 * MIB, small);
    BufferPool second = new BufferPool(64 * MIB, small);
    List<SharedBuffer> greedy = demand(first);
    assertThat(greedy).hasSize(BufferPool.SURE + 40);

    // The other mount goes on with what it is sure of.
    List<SharedBuffer> modest = demand(second);
    assertThat(modest).hasSize(BufferPool.SURE);
    CompletableFuture<Void> waiting = second.reserve(1);
    modest.getFirst().release();
    assertThat(waiting).isDone();

    greedy.forEach(SharedBuffer::release);
    first.close();
    assertThat(small.left()).isEqualTo(10 * MIB);
    assertThat(second.reserve(1)).isDone();
  }

  @Test
  void speculationLeavesHalfOfWhatIsSure() {
    BufferPool poor = new BufferPool(64 * MIB, new NativeMemory(0));
    List<SharedBuffer> taken = new ArrayList<>();
    for (SharedBuffer one = poor.takeSpeculative(); one != null; one = poor.takeSpeculative()) {
      taken.add(one);
    }
    assertThat(taken).hasSize(BufferPool.SURE / 2);
    assertThat(poor.reserve(poor.most())).isDone();
  }

  @Test
  void whatWasGivenBackCannotBeHeldAnyMore() {
    assertThat(pool.reserve(1)).isDone();
    SharedBuffer buffer = pool.take();
    buffer.release();

    assertThatThrownBy(buffer::hold).isInstanceOf(IllegalStateException.class);
  }
}
