package dev.mooring.testing;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A channel to an {@link InMemorySftpServer}; the executor is the wire in both directions. */
final class InMemoryChannel implements SubsystemChannel {
  private final Executor network;
  private final ServedRequests requests;
  private final boolean outOfOrder;
  private final AtomicReference<@Nullable ConnectionLost> closed = new AtomicReference<>();
  private volatile @Nullable Receiver receiver;

  /** Out of order: the reply that waits for the next one to overtake it. */
  private @Nullable ByteBuffer overtaken;

  InMemoryChannel(InMemorySftpServer server, Executor network) {
    this.network = network;
    this.requests = new ServedRequests(server);
    this.outOfOrder = server.dialect().outOfOrder();
  }

  @Override
  public void start(Receiver hearing) {
    receiver = hearing;
  }

  @Override
  public void send(List<ByteBuffer> parts) {
    if (closed.get() != null) {
      return;
    }
    int length = parts.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer packet = ByteBuffer.allocate(length);
    parts.forEach(part -> packet.put(part.duplicate()));
    network.execute(() -> arrive(packet.flip()));
  }

  private void arrive(ByteBuffer packet) {
    if (closed.get() != null) {
      return;
    }
    ByteBuffer reply = answer(packet);
    if (!outOfOrder) {
      deliver(reply);
    } else if (overtaken == null) {
      overtaken = reply;
      // Without a successor it goes on its own.
      network.execute(this::deliverOvertaken);
    } else {
      deliver(reply);
      deliverOvertaken();
    }
  }

  /** A server that fails cuts the channel, so that nobody waits for the reply. */
  private ByteBuffer answer(ByteBuffer packet) {
    try {
      return requests.answer(packet);
    } catch (RuntimeException | AssertionError failure) {
      end("the server failed: " + failure.getMessage());
      throw failure;
    }
  }

  private void deliverOvertaken() {
    ByteBuffer reply = overtaken;
    overtaken = null;
    if (reply != null) {
      deliver(reply);
    }
  }

  private void deliver(ByteBuffer reply) {
    Receiver hearing = receiver;
    if (hearing != null && closed.get() == null) {
      hearing.received(reply);
    }
  }

  int openHandles() {
    return requests.openHandles();
  }

  @Override
  public void close() {
    end("closed by the client");
  }

  void cut(String reason) {
    end(reason);
  }

  private void end(String reason) {
    ConnectionLost cause = new ConnectionLost(reason);
    if (closed.compareAndSet(null, cause)) {
      network.execute(() -> tell(cause));
    }
  }

  /** On the network, where no request can be under way in the handles. */
  private void tell(ConnectionLost cause) {
    requests.closeHandles();
    Receiver hearing = receiver;
    if (hearing != null) {
      hearing.closed(cause);
    }
  }
}
