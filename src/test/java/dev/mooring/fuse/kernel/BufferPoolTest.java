package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private static final long REQUEST = BufferPool.REQUEST_BYTES;

  private final NativeMemory share = new NativeMemory(100 * REQUEST);
  private final BufferPool pool = new BufferPool(40 * REQUEST, share);

  @Test
  void whatABurstNeededIsFreedWhenItIsOver() {
    List<RequestBuffer> burst = Stream.generate(pool::take).limit(40).toList();
    assertThat(pool.tryTake()).isNull();
    burst.subList(0, 20).forEach(RequestBuffer::close);
    assertThat(pool.idle()).isEqualTo(20);
    burst.subList(20, 40).forEach(RequestBuffer::close);

    assertThat(pool.idle()).isBetween(1, 5);
    pool.close();
    assertThat(pool.idle()).isZero();
    assertThat(share.left()).isEqualTo(100 * REQUEST);
  }

  @Test
  void whereOthersHaveTheShareAFewRequestsAreLeft() throws Exception {
    BufferPool poor = new BufferPool(40 * REQUEST, new NativeMemory(REQUEST / 2));
    List<RequestBuffer> taken = new ArrayList<>();
    for (RequestBuffer next = poor.tryTake(); next != null; next = poor.tryTake()) {
      taken.add(next);
    }
    assertThat(taken).hasSize((int) (BufferPool.SURE_BYTES / REQUEST));

    FutureTask<RequestBuffer> waiting = new FutureTask<>(poor::take);
    Thread reader = Thread.ofPlatform().start(waiting);
    taken.removeFirst().close();
    waiting.get().close();
    reader.join();
    taken.forEach(RequestBuffer::close);
    poor.close();
  }

  @Test
  void whatIsStillInUseIsFreedWhenItComesBack() {
    RequestBuffer buffer = pool.take();
    pool.close();
    assertThat(buffer.memory().scope().isAlive()).isTrue();
    buffer.close();
    assertThat(buffer.memory().scope().isAlive()).isFalse();
    assertThatThrownBy(buffer::close).isInstanceOf(IllegalStateException.class);
  }
}
