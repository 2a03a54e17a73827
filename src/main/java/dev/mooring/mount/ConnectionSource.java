package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.ChannelSource;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One mount's connection: made when a channel is wanted and there is none, closed with the mount.
 * Thread-safe.
 */
final class ConnectionSource implements ChannelSource, AutoCloseable {
  private final SshConnector connector;
  private final MountSpec spec;
  private final Pace pace;
  private volatile @Nullable SshConnection connection;
  private volatile boolean closed;

  ConnectionSource(SshConnector connector, MountSpec spec, Pace pace) {
    this.connector = connector;
    this.spec = spec;
    this.pace = pace;
  }

  @Override
  public SubsystemChannel open() throws IOException {
    CompletableFuture<SubsystemChannel> channel = connected().open(spec.subsystem());
    Caller caller = Waiting.within(spec.connection().connectTimeout(), pace);
    return Waiting.result(channel, caller, pace);
  }

  private SshConnection connected() throws IOException {
    SshConnection present = connection;
    if (present == null || present.closed().isDone()) {
      present =
          connector.connect(spec.target(), spec.credentials(), spec.hostKeys(), spec.connection());
      connection = present;
    }
    // Asked after the connection is to be seen by close().
    if (closed) {
      present.close();
      throw new ConnectionLost("the mount has ended");
    }
    return present;
  }

  /** The last connection there was. */
  @Nullable SshConnection last() {
    return connection;
  }

  @Override
  public void close() {
    closed = true;
    SshConnection present = connection;
    if (present != null) {
      present.close();
    }
  }
}
