package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel.Receiver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the server sends, on its way to the receiver. A server may speak before there is a receiver:
 * a little of that is kept. Any thread may end it while the I/O thread delivers: then the I/O
 * thread announces the end when it is through, and nobody waits.
 */
final class IncomingBytes {
  /** SFTP servers wait to be spoken to, so this is more than any well-behaved one needs. */
  private static final int MAX_EARLY_BYTES = 64 * 1024;

  /** What the end adds to {@link #deliveries}. */
  private static final int ENDED = 1 << 30;

  /** Deliveries under way, of which there is at most one, plus {@link #ENDED} from the end on. */
  private final AtomicInteger deliveries = new AtomicInteger();

  /** Held while there is no receiver, and while it gets what came before it. */
  private final ReentrantLock starting = new ReentrantLock();

  private final ByteArrayOutputStream early = new ByteArrayOutputStream();
  private final AtomicBoolean announced = new AtomicBoolean();
  private volatile @Nullable Receiver receiver;
  private volatile @Nullable ConnectionLost cause;

  /** Whether nothing more will be delivered, so that the end may be announced. */
  private volatile boolean quiet;

  /** Delivers what came before, and from then on everything. */
  void start(Receiver starter) {
    starting.lock();
    try {
      if (early.size() > 0) {
        starter.received(ByteBuffer.wrap(early.toByteArray()));
        early.reset();
      }
      receiver = starter;
    } finally {
      starting.unlock();
    }
    announce();
  }

  /** Hands bytes on, unless it has ended; only for the I/O thread. */
  void received(ByteBuffer bytes) {
    if (deliveries.getAndIncrement() >= ENDED) {
      return;
    }
    try {
      Receiver started = receiver;
      if (started == null) {
        started = keepUnlessStarted(bytes);
      }
      if (started != null) {
        started.received(bytes);
      }
    } finally {
      if (deliveries.decrementAndGet() == ENDED) {
        quiet = true;
        announce();
      }
    }
  }

  /** Ends it; called once. */
  void end(ConnectionLost because) {
    cause = because;
    if (deliveries.getAndAdd(ENDED) == 0) {
      quiet = true;
      announce();
    }
  }

  private void announce() {
    Receiver started = receiver;
    ConnectionLost because = cause;
    if (quiet && started != null && because != null && announced.compareAndSet(false, true)) {
      started.closed(because);
    }
  }

  private @Nullable Receiver keepUnlessStarted(ByteBuffer bytes) {
    starting.lock();
    try {
      if (receiver == null) {
        if (early.size() + bytes.remaining() > MAX_EARLY_BYTES) {
          throw new IllegalStateException("the server speaks before it is spoken to");
        }
        early.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      }
      return receiver;
    } finally {
      starting.unlock();
    }
  }
}
