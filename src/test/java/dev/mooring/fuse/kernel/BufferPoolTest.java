package dev.mooring.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool(40L * BufferPool.REQUEST_BYTES);

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
