package dev.mooring.mount;

import dev.mooring.sftp.ChannelSource;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one mount, on connections that it may share with others. Closing it closes them.
 * Thread-safe.
 */
final class ConnectionSource implements ChannelSource, AutoCloseable {
  private final ConnectionPool pool;
  private final String subsystem;
  private final Runnable leave;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile SharedConnection.@Nullable Channel last;

  /**
   * Of a pool that was joined.
   *
   * @param leave called once, when the mount needs no channel any more
   */
  ConnectionSource(ConnectionPool pool, String subsystem, Runnable leave) {
    this.pool = pool;
    this.subsystem = subsystem;
    this.leave = leave;
  }

  @Override
  public SubsystemChannel open() throws IOException {
    SharedConnection.Channel channel = pool.open(subsystem);
    last = channel;
    // Asked after the channel is to be seen by close().
    if (closed.get()) {
      channel.close();
      throw new ConnectionLost("the mount has ended");
    }
    return channel;
  }

  /** The connection of the last channel that was opened. */
  @Nullable SshConnection last() {
    SharedConnection.Channel channel = last;
    return channel == null ? null : channel.connection();
  }

  /** Closes the last channel, and the connection if no other mount needs it. Never waits. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    SharedConnection.Channel channel = last;
    if (channel != null) {
      channel.close();
    }
    leave.run();
  }
}
