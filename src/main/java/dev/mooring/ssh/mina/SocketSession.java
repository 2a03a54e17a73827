package dev.mooring.ssh.mina;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/**
 * MINA's view of one socket. One thread of its own reads, hands on what came, and writes what
 * others could not because the socket was full. A write is done by whoever has something to send,
 * without any hand-over.
 */
final class SocketSession extends AbstractCloseable implements IoSession {
  private static final int READ_BYTES = 64 * 1024;
  private static final AtomicLong LAST_ID = new AtomicLong();

  private final long id = LAST_ID.incrementAndGet();
  private final SocketConnector service;
  private final IoHandler handler;
  private final SocketChannel channel;
  private final SocketAddress local;
  private final SocketAddress remote;
  private final SocketOutput output;
  private final Selector selector;
  private final SelectionKey key;

  /** Whether bytes are left to the session's thread, which waits for room in the socket. */
  private volatile boolean full;

  private final AtomicInteger reads = new AtomicInteger();

  /** Whether something was sent since something has come. */
  private volatile boolean waiting;

  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

  /** A session of a channel that is connected. */
  SocketSession(SocketConnector service, IoHandler handler, SocketChannel channel)
      throws IOException {
    this.service = service;
    this.handler = handler;
    this.channel = channel;
    local = channel.getLocalAddress();
    remote = channel.getRemoteAddress();
    channel.configureBlocking(false);
    output = new SocketOutput(channel);
    selector = Selector.open();
    key = channel.register(selector, SelectionKey.OP_READ);
  }

  /** Serves the socket until one side has closed it; on the thread that is its own. */
  void serve() {
    try (selector) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      for (int count = 0; isOpen() && count >= 0; count = channel.read(buffer.clear())) {
        if (count > 0) {
          reads.incrementAndGet();
          waiting = false;
          handler.messageReceived(this, Readable.readable(buffer.flip()));
        } else {
          awaitReadiness();
        }
        if (full) {
          flush();
        }
      }
    } catch (Exception e) {
      broken(e);
    }
  }

  /** How often something has come from the server. */
  int reads() {
    return reads.get();
  }

  /** Whether something was sent since something has come. */
  boolean isWaiting() {
    return waiting;
  }

  private void awaitReadiness() throws IOException {
    IOException failure = output.failure();
    if (failure != null) {
      // Not before all has been read: what the server said last explains more.
      throw failure;
    }
    selector.select();
    selector.selectedKeys().clear();
  }

  private void flush() {
    // Before the writing, so that whoever finds the socket full after it is not forgotten.
    full = false;
    key.interestOps(SelectionKey.OP_READ);
    flushLaterIf(!output.flush());
  }

  private void flushLaterIf(boolean isFull) {
    if (!isFull) {
      return;
    }
    full = true;
    try {
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      selector.wakeup();
    } catch (CancelledKeyException _) {
      // It has been closed meanwhile.
    }
  }

  private void broken(Exception thrown) {
    try {
      if (isOpen()) {
        handler.exceptionCaught(this, thrown);
      }
    } catch (Exception e) {
      log.debug("{} while {} was reported", e, thrown);
    }
  }

  /** Has the packets that are written until {@link #collected} share system calls. */
  void collect() {
    output.collect();
  }

  /** The end of a {@link #collect}. */
  void collected() {
    flushLaterIf(output.collected());
  }

  /** Takes the bytes of the buffer, which may be reused when this returns. Never waits. */
  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) {
    // Before it is on its way, for the answer may be here before we are back.
    if (!waiting) {
      waiting = true;
    }
    try {
      flushLaterIf(output.put(buffer.array(), buffer.rpos(), buffer.available()));
      return new Taken(remote, true);
    } catch (IOException e) {
      return new Taken(remote, e);
    }
  }

  /** What became of a packet, known at once. */
  static final class Taken extends AbstractIoWriteFuture {
    private Taken(Object name, Object value) {
      super(name, null);
      setValue(value);
    }
  }

  /** On whatever thread: closing the socket ends the wait of its own thread. */
  @Override
  protected void doCloseImmediately() {
    output.flush();
    output.close();
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("{} while closing {}", e, this);
    }
    selector.wakeup();
    service.forget(this);
    super.doCloseImmediately();
    try {
      handler.sessionClosed(this);
    } catch (Exception e) {
      log.debug("{} while the end of {} was reported", e, this);
    }
    attributes.clear();
  }

  @Override
  public void shutdownOutputStream() throws IOException {
    output.flush();
    channel.shutdownOutput();
  }

  /** Only port forwarding asks for this, and we forward nothing. */
  @Override
  public void suspendRead() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resumeRead() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long getId() {
    return id;
  }

  @Override
  public @Nullable Object getAttribute(Object name) {
    return attributes.get(name);
  }

  @Override
  public @Nullable Object setAttribute(Object name, Object value) {
    return attributes.put(name, value);
  }

  @Override
  public @Nullable Object setAttributeIfAbsent(Object name, Object value) {
    return attributes.putIfAbsent(name, value);
  }

  @Override
  public @Nullable Object removeAttribute(Object name) {
    return attributes.remove(name);
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return remote;
  }

  @Override
  public SocketAddress getLocalAddress() {
    return local;
  }

  @Override
  public @Nullable SocketAddress getAcceptanceAddress() {
    return null;
  }

  @Override
  public IoService getService() {
    return service;
  }

  @Override
  public String toString() {
    return "SocketSession[" + remote + "]";
  }
}
