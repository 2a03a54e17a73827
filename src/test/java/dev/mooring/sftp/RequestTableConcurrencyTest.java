package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.ssh.ConnectionLost;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eight threads that submit at once, and a server that answers on a ninth. */
@Timeout(60)
class RequestTableConcurrencyTest {
  private static final int THREADS = 8;
  private static final int EACH = 2000;
  private static final int MOST_BYTES = 1000;
  private static final int MOST_REQUESTS = 16;
  private static final SftpSettings BOUNDS =
      new SftpSettings(
          Duration.ofSeconds(30), MOST_BYTES, MOST_REQUESTS, THREADS * EACH, 1, 1, false);

  private final BlockingQueue<Integer> wire = new LinkedBlockingQueue<>();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final AtomicInteger ended = new AtomicInteger();
  private final RequestTable table = new RequestTable(BOUNDS, () -> 0, this::send);

  private void send(List<ByteBuffer> packet) {
    if (!sending.compareAndSet(false, true)) {
      problems.add("two threads send at once");
    }
    if (table.requestsInFlight() > MOST_REQUESTS || table.bytesInFlight() > MOST_BYTES) {
      problems.add(table.requestsInFlight() + " requests, " + table.bytesInFlight() + " bytes");
    }
    wire.add(packet.getFirst().getInt(PacketBuilder.ID_OFFSET));
    sending.set(false);
  }

  /** All threads submit; {@code answering} runs meanwhile. */
  private List<Request<Integer>> submitted(Runnable answering) throws InterruptedException {
    Queue<Request<Integer>> requests = new ConcurrentLinkedQueue<>();
    CountDownLatch begin = new CountDownLatch(THREADS);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      threads.execute(answering);
      for (int thread = 0; thread < THREADS; thread++) {
        threads.execute(() -> {
          begin.countDown();
          awaitQuietly(begin);
          for (int i = 0; i < EACH; i++) {
            requests.add(submit(1 + i % 300));
          }
        });
      }
    }
    return new ArrayList<>(requests);
  }

  private static void awaitQuietly(CountDownLatch begin) {
    try {
      begin.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Request<Integer> submit(int bytes) {
    Request<Integer> request = Requests.read(WireBytes.of("00"), 0, ByteBuffer.allocate(bytes));
    request.mustEndBy(Long.MAX_VALUE);
    request.whenComplete((value, failure) -> ended.incrementAndGet());
    table.submit(request);
    return request;
  }

  /** Replies to {@code count} requests as their channel's only reader. */
  private void answer(int count) {
    try {
      for (int i = 0; i < count; i++) {
        int id = wire.take();
        table.take(id).answerData(id);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyRequestGetsItsOwnReplyWithinTheBounds() throws Exception {
    List<Request<Integer>> requests = submitted(() -> answer(THREADS * EACH));

    assertThat(problems).isEmpty();
    assertThat(requests)
        .hasSize(THREADS * EACH)
        .allSatisfy(request -> assertThat(request.resultNow()).isEqualTo(request.id()));
    assertThat(ended).hasValue(THREADS * EACH);
    assertThat(table.requestsInFlight()).isZero();
    assertThat(table.bytesInFlight()).isZero();
    assertThat(wire).isEmpty();
  }

  @Test
  void closingInTheMiddleEndsEveryRequestOnce() throws Exception {
    ConnectionLost cause = new ConnectionLost("cable pulled");

    List<Request<Integer>> requests =
        submitted(() -> {
          answer(EACH);
          table.close(cause);
        });

    assertThat(problems).isEmpty();
    assertThat(ended).hasValue(THREADS * EACH);
    assertThat(requests)
        .hasSize(THREADS * EACH)
        .allSatisfy(request -> {
          assertThat(request).isDone();
          assertThat(request.settled()).isDone();
        });
    assertThat(requests.stream().filter(Request::isCompletedExceptionally))
        .hasSize((THREADS - 1) * EACH)
        .allSatisfy(request -> assertThat(request.exceptionNow()).isSameAs(cause));
    assertThat(table.requestsInFlight()).isZero();
    assertThat(table.bytesInFlight()).isZero();
  }
}
