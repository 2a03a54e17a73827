package dev.mooring.mount;

import dev.mooring.mount.SharedConnections.Identity;
import dev.mooring.sftp.ChannelSource;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one mount, on connections that it may share with others. Closing it closes them.
 * Thread-safe.
 */
final class ConnectionSource implements ChannelSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConnectionSource.class);

  private final SharedConnections connections;
  private final String subsystem;
  private final SpecSource again;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile ConnectionPool pool;
  private volatile boolean closed;
  private volatile String told = "";
  private volatile SharedConnection.@Nullable Channel last;

  /**
   * Of a pool that was joined.
   *
   * @param again what the mount's options say when a connection has to be made anew
   */
  ConnectionSource(
      SharedConnections connections, ConnectionPool pool, String subsystem, SpecSource again) {
    this.connections = connections;
    this.pool = pool;
    this.subsystem = subsystem;
    this.again = again;
  }

  @Override
  public SubsystemChannel open() throws IOException {
    if (asked.getAndSet(true) && !pool.isConnected()) {
      follow();
    }
    SharedConnection.Channel channel = pool.open(subsystem);
    last = channel;
    // Asked after the channel is to be seen by close().
    if (closed) {
      channel.close();
      throw new ConnectionLost("the mount has ended");
    }
    return channel;
  }

  /** The server, as people call it. */
  @Override
  public String toString() {
    return pool.toString();
  }

  /** One on the connection of the last channel, which the session closes itself. */
  @Override
  public SubsystemChannel openBeside() throws IOException {
    SharedConnection.Channel beside = last;
    if (beside == null || closed) {
      throw new ConnectionLost("there is no connection");
    }
    return pool.openBeside(beside, subsystem);
  }

  /** The connection of the last channel that was opened. */
  @Nullable SshConnection last() {
    SharedConnection.Channel channel = last;
    return channel == null ? null : channel.connection();
  }

  /**
   * Logs in as the options say by now, so that keys can be changed while volumes are in use. A
   * mount never goes to another server: what is to be written belongs to this one.
   */
  private void follow() {
    Identity former = pool.identity();
    try {
      Identity now = Identity.of(again.read());
      if (now.isOnServerOf(former)) {
        moveTo(now);
      } else {
        tell(former.target() + ": the options name another server, from the next mount on");
      }
    } catch (IOException e) {
      tell(former.target() + ": the options as they were count: " + e.getMessage());
    }
  }

  /** Once, though every attempt to connect meets it. */
  private void tell(String warning) {
    if (!warning.equals(told)) {
      told = warning;
      log.warn("{}", warning);
    }
  }

  private void moveTo(Identity now) {
    ConnectionPool former;
    synchronized (this) {
      former = pool;
      if (closed || now.equals(former.identity())) {
        return;
      }
      pool = connections.join(now);
    }
    log.info("{}: logging in as the options say now", now.target());
    connections.leave(former);
  }

  /** Closes the last channel, and the connection if no other mount needs it. Never waits. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    SharedConnection.Channel channel = last;
    if (channel != null) {
      channel.close();
    }
    connections.leave(pool);
  }
}
