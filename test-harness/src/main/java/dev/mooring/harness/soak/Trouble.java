package dev.mooring.harness.soak;

import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.Relay;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a network and a server bad, by a seed, until it is told to stop. */
final class Trouble implements AutoCloseable {
  private final Relay relay;
  private final PrivateSshd sshd;
  private final Duration normal;
  private final SplittableRandom random;
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final Thread thread;
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger stalls = new AtomicInteger();
  private final AtomicInteger delays = new AtomicInteger();
  private final AtomicInteger kills = new AtomicInteger();

  /** Begins at once. */
  Trouble(Relay relay, PrivateSshd sshd, Duration normal, long seed) {
    this.relay = relay;
    this.sshd = sshd;
    this.normal = normal;
    this.random = new SplittableRandom(seed);
    this.thread = Thread.ofPlatform().name("trouble").start(this::run);
  }

  /** How many connections were cut, by us or with the server. */
  int cuts() {
    return cuts.get();
  }

  private void run() {
    while (!stop.isDone()) {
      int kind = random.nextInt(20);
      if (kind < 14) {
        cuts.addAndGet(relay.cut());
      } else if (kind < 16) {
        stalls.incrementAndGet();
        relay.stall();
        pause(200, 6000);
        relay.resume();
      } else if (kind == 16) {
        // A stall that ends with the connection: what was held up never arrives.
        stalls.incrementAndGet();
        relay.stall();
        pause(200, 3000);
        cuts.addAndGet(relay.cut());
        relay.resume();
      } else if (kind < 19) {
        delays.incrementAndGet();
        relay.delay(Duration.ofMillis(random.nextInt(20, 300)));
        pause(200, 2000);
        relay.delay(normal);
      } else {
        kills.incrementAndGet();
        cuts.incrementAndGet();
        sshd.close();
        pause(50, 2000);
        sshd.restart();
      }
      pause(300, 2600);
    }
  }

  private void pause(int leastMillis, int mostMillis) {
    CompletableFuture<Void> over = stop.copy();
    over.completeOnTimeout(null, random.nextInt(leastMillis, mostMillis), TimeUnit.MILLISECONDS);
    over.join();
  }

  @Override
  public String toString() {
    return "%d connections cut, %d stalls, %d delays, %d times the server killed"
        .formatted(cuts.get(), stalls.get(), delays.get(), kills.get());
  }

  /** Mends everything. */
  @Override
  public void close() {
    stop.complete(null);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    relay.resume();
    relay.delay(normal);
  }
}
