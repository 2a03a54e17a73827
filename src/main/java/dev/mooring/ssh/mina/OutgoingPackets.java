package dev.mooring.ssh.mina;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a channel still has to send. Any thread may add; whoever finds nobody at work sends on until
 * the queue is empty or the server's window is full, and the others return at once. So packets keep
 * their order without a lock, and several small ones share one SSH packet.
 */
final class OutgoingPackets {
  private final AbstractClientChannel channel;
  private final Consumer<IOException> onFailure;
  private final Queue<List<ByteBuffer>> queue = new ConcurrentLinkedQueue<>();

  /** Calls of {@link #drain} that are not yet answered: whoever raises it from 0 is at work. */
  private final AtomicInteger calls = new AtomicInteger();

  /** Taken from the queue and not yet sent; only for who is at work. */
  private final ArrayDeque<ByteBuffer> parts = new ArrayDeque<>();

  /** A packet that can be used again, so that none is allocated and cleared; as above. */
  private @Nullable Buffer spare;

  private volatile boolean closed;

  OutgoingPackets(AbstractClientChannel channel, Consumer<IOException> onFailure) {
    this.channel = channel;
    this.onFailure = onFailure;
  }

  /** Queues a packet and sends what can be sent. */
  void add(List<ByteBuffer> packet) {
    if (!closed) {
      queue.add(packet);
      drain();
    }
  }

  /** Sends what can be sent; to be called again when the server's window has grown. */
  void drain() {
    if (calls.getAndIncrement() != 0) {
      return;
    }
    int answered = 1;
    do {
      sendAll();
      answered = calls.addAndGet(-answered);
    } while (answered != 0);
  }

  /** Forgets what is queued and sends no more. */
  void close() {
    closed = true;
    drain();
  }

  private void sendAll() {
    try {
      if (!closed
          && fetch()
          && channel.getSession().getIoSession() instanceof SocketSession socket) {
        socket.collect();
        try {
          sendWhatTheWindowAllows();
        } finally {
          socket.collected();
        }
      }
    } catch (IOException | RuntimeException e) {
      closed = true;
      onFailure.accept(e instanceof IOException io ? io : new IOException(e));
    }
    if (closed) {
      parts.clear();
      queue.clear();
    }
  }

  private void sendWhatTheWindowAllows() throws IOException {
    RemoteWindow window = channel.getRemoteWindow();
    while (!closed && fetch()) {
      int room = (int) Math.min(window.getSize(), window.getPacketSize());
      if (room <= 0) {
        return;
      }
      send(window, room);
    }
  }

  /** Whether there is anything to send. */
  private boolean fetch() {
    if (parts.isEmpty()) {
      take(queue.poll());
    }
    return !parts.isEmpty();
  }

  private void take(@Nullable List<ByteBuffer> packet) {
    if (packet != null) {
      for (ByteBuffer part : packet) {
        if (part.hasRemaining()) {
          parts.add(part.duplicate());
        }
      }
    }
  }

  private void send(RemoteWindow window, int room) throws IOException {
    int length = gather(room);
    Session session = channel.getSession();
    Buffer buffer = emptyPacket(session, window.getPacketSize());
    buffer.putUInt(channel.getRecipient());
    buffer.putUInt(length);
    for (int left = length; left > 0; ) {
      left -= copy(parts.element(), buffer, left);
      if (!parts.element().hasRemaining()) {
        parts.remove();
      }
    }
    if (closed) {
      // Whoever waits for the end may already have reused the buffers that were just copied.
      return;
    }
    window.consume(length);
    // As one of its own threads MINA does not let us wait for the end of a key exchange: it queues
    // the packet, which the server's window bounds.
    IoWriteFuture written = ThreadUtils.runAsInternal(session, s -> s.writePacket(buffer));
    spare = written instanceof SocketSession.Taken ? buffer : null;
  }

  /** A packet with room for all data that one may have: the last one, if it is not in a queue. */
  private Buffer emptyPacket(Session session, long mostData) {
    Buffer last = spare;
    return last != null
        ? session.prepareBuffer(SshConstants.SSH_MSG_CHANNEL_DATA, last)
        : session.createBuffer(
            SshConstants.SSH_MSG_CHANNEL_DATA, (int) mostData + 2 * Integer.BYTES);
  }

  /** Takes packets from the queue until there are {@code room} bytes, if there are so many. */
  private int gather(int room) {
    long length = 0;
    for (ByteBuffer part : parts) {
      length += part.remaining();
    }
    while (length < room) {
      List<ByteBuffer> packet = queue.poll();
      if (packet == null) {
        break;
      }
      take(packet);
      for (ByteBuffer part : packet) {
        length += part.remaining();
      }
    }
    return (int) Math.min(length, room);
  }

  private static int copy(ByteBuffer part, Buffer buffer, int limit) {
    int length = Math.min(part.remaining(), limit);
    int position = buffer.wpos();
    part.get(buffer.array(), position, length);
    buffer.wpos(position + length);
    return length;
  }
}
