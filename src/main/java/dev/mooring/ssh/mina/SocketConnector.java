package dev.mooring.ssh.mina;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractInnerCloseable;
import org.jspecify.annotations.Nullable;

/** Connects sockets, and gives each the one thread that serves it. Thread-safe. */
final class SocketConnector extends AbstractInnerCloseable implements IoConnector {
  private final IoHandler handler;
  private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();
  private volatile @Nullable IoServiceEventListener listener;

  SocketConnector(IoHandler handler) {
    this.handler = handler;
  }

  /** Connects on the socket's own thread, for as long as the attempt allows. */
  @Override
  public IoConnectFuture connect(
      SocketAddress address,
      @Nullable AttributeRepository context,
      @Nullable SocketAddress localAddress) {
    DefaultIoConnectFuture future = new DefaultIoConnectFuture(address, null);
    Thread.ofPlatform()
        .daemon()
        .name("ssh-io-" + address)
        .start(() -> connect(address, localAddress, context, future));
    return future;
  }

  private void connect(
      SocketAddress address,
      @Nullable SocketAddress from,
      @Nullable AttributeRepository context,
      DefaultIoConnectFuture future) {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      if (from != null) {
        channel.bind(from);
      }
      channel.socket().connect(address, ConnectAttempt.tcpMillis(context));
      serve(new SocketSession(this, handler, channel), context, future);
    } catch (IOException | RuntimeException e) {
      // Without effect once there is a session, which reports its own failures.
      future.setValue(e);
    }
  }

  private void serve(
      SocketSession session, @Nullable AttributeRepository context, DefaultIoConnectFuture future) {
    try {
      if (context != null) {
        session.setAttribute(AttributeRepository.class, context);
      }
      handler.sessionCreated(session);
      sessions.put(session.getId(), session);
      if (isClosing()) {
        throw new IOException("the connector is closed");
      }
      future.setSession(session);
      session.serve();
    } catch (Exception e) {
      future.setValue(e);
    } finally {
      session.close(true);
    }
  }

  void forget(SocketSession session) {
    sessions.remove(session.getId());
  }

  @Override
  protected Closeable getInnerCloseable() {
    return builder().parallel(toString(), sessions.values()).build();
  }

  @Override
  public Map<Long, IoSession> getManagedSessions() {
    return Collections.unmodifiableMap(sessions);
  }

  @Override
  public @Nullable IoServiceEventListener getIoServiceEventListener() {
    return listener;
  }

  @Override
  public void setIoServiceEventListener(@Nullable IoServiceEventListener newListener) {
    listener = newListener;
  }
}
