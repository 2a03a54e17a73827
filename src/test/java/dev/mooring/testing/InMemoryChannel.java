package dev.mooring.testing;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A channel to an {@link InMemorySftpServer}; the executor is the wire in both directions. */
public final class InMemoryChannel implements SubsystemChannel {
  /** Where in a packet its type is. */
  private static final int TYPE_AT = 4;

  /** SSH_FXP_CLOSE. */
  private static final int CLOSE = 4;

  /** Where in a packet its request id is. */
  private static final int ID_AT = 5;

  /** What no client refuses on sight. */
  private static final int LONGEST_PACKET = 256 * 1024;

  private final Executor network;
  private final InMemorySftpServer server;
  private final ServedRequests requests;
  private final boolean outOfOrder;
  private final AtomicReference<@Nullable ConnectionLost> closed = new AtomicReference<>();
  private final Map<Byte, Integer> arrived = new ConcurrentHashMap<>();
  private volatile @Nullable Receiver receiver;
  private boolean stalled;

  /** Out of order: the reply that waits for the next one to overtake it. */
  private @Nullable ByteBuffer overtaken;

  InMemoryChannel(InMemorySftpServer server, Executor network) {
    this.server = server;
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
    if (closed.get() != null || stalled) {
      return;
    }
    arrived.merge(packet.get(TYPE_AT), 1, Integer::sum);
    Fault fault = server.faults().next(Byte.toUnsignedInt(packet.get(TYPE_AT)));
    if (fault != null) {
      meet(fault, packet);
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

  private void meet(Fault fault, ByteBuffer packet) {
    switch (fault) {
      case Fault.Delayed delay -> later(delay.bursts(), answer(packet));
      case Fault.Fragmented fragments -> {
        ByteBuffer reply = answer(packet);
        int first = Math.min(fragments.bytes(), reply.limit());
        deliver(reply.slice(0, first));
        deliver(reply.slice(first, reply.limit() - first));
      }
      case Fault.Stalled _ -> stalled = true;
      case Fault.CutBefore _ -> end("cut before the server saw the request");
      case Fault.CutAfter _ -> {
        answer(packet);
        end("cut before the reply");
      }
      case Fault.Truncated truncated -> {
        ByteBuffer reply = answer(packet);
        deliver(reply.slice(0, Math.min(truncated.bytes(), reply.limit() - 1)));
        end("cut within the reply");
      }
      case Fault.Oversized _ -> deliver(answer(packet).putInt(0, Integer.MAX_VALUE));
      case Fault.Foreign _ -> {
        ByteBuffer reply = answer(packet);
        deliver(reply.putInt(ID_AT, ~reply.getInt(ID_AT)));
      }
      case Fault.Refused refused -> {
        ByteBuffer refusal = ServedRequests.status(packet.getInt(ID_AT), refused.status());
        if (packet.get(TYPE_AT) == CLOSE) {
          // As close(2): whatever is answered, the handle is gone. It would be the server's leak.
          answer(packet);
        }
        deliver(refusal);
      }
      case Fault.Forged forged ->
          deliver(
              ServedPacket.end(
                  ServedPacket.begin(forged.type(), packet.getInt(ID_AT))
                      .put(forged.fields().duplicate())));
      case Fault.Dripping dripping -> {
        ByteBuffer endless = answer(packet).putInt(0, LONGEST_PACKET);
        drip(endless.limit(4 + LONGEST_PACKET), dripping.pause());
      }
      case Fault.LostHandles _ -> {
        requests.closeHandles();
        deliver(answer(packet));
      }
    }
  }

  private void drip(ByteBuffer reply, Executor pause) {
    if (reply.hasRemaining() && closed.get() == null) {
      deliver(reply.slice(reply.position(), 1));
      reply.position(reply.position() + 1);
      pause.execute(() -> drip(reply, pause));
    }
  }

  private void later(int bursts, ByteBuffer reply) {
    network.execute(() -> {
      if (bursts > 0) {
        later(bursts - 1, reply);
      } else {
        deliver(reply);
      }
    });
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
    if (hearing != null && closed.get() == null && !stalled) {
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

  /** Cuts it; what has not arrived never does. */
  public void cut(String reason) {
    end(reason);
  }

  /** How many requests of a type have arrived, as the protocol numbers it. */
  public int requests(int type) {
    return arrived.getOrDefault((byte) type, 0);
  }

  /** Whether neither side has closed it. */
  public boolean isOpen() {
    return closed.get() == null;
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
