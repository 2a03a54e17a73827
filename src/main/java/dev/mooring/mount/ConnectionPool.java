package dev.mooring.mount;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Pace;
import dev.mooring.mount.SharedConnections.Identity;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SshFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one identity to one server: one as a rule, made when the first channel is
 * wanted, and a further one when the server refuses more channels (sshd's MaxSessions). The lock is
 * never held while anything is waited for. Thread-safe.
 */
final class ConnectionPool {
  private final SshConnector connector;
  private final Identity identity;
  private final Pace pace;

  @GuardedBy("this")
  private final List<SharedConnection> connections = new ArrayList<>();

  @GuardedBy("this")
  private @Nullable CompletableFuture<Void> connecting;

  @GuardedBy("this")
  private int mounts;

  @GuardedBy("this")
  private boolean closed;

  ConnectionPool(SshConnector connector, Identity identity, Pace pace) {
    this.connector = connector;
    this.identity = identity;
    this.pace = pace;
  }

  Identity identity() {
    return identity;
  }

  /** Whether there is a connection; then none has to be made. */
  synchronized boolean isConnected() {
    return connections.stream().anyMatch(SharedConnection::isAlive);
  }

  /** The server, as people call it. */
  @Override
  public String toString() {
    return identity.target().toString();
  }

  /** One mount more. */
  synchronized void join() {
    mounts++;
  }

  /** One mount less; true when that was the last. */
  synchronized boolean leave() {
    mounts--;
    return mounts == 0;
  }

  /** A channel, on the connection with room for it that is oldest. */
  SharedConnection.Channel open(String subsystem) throws IOException {
    while (true) {
      SharedConnection connection = reserve();
      if (connection == null) {
        connect();
      } else {
        try {
          return connection.open(subsystem, patience(), pace);
        } catch (SshFailure refused) {
          if (!connection.isFull()) {
            throw refused;
          }
        }
      }
    }
  }

  /** A further channel on the connection of another; fails where the server has no room for it. */
  SharedConnection.Channel openBeside(SharedConnection.Channel other, String subsystem)
      throws IOException {
    SharedConnection connection = other.shared();
    if (!connection.reserve()) {
      throw new IOException("the server allows no further channel on this connection");
    }
    return connection.open(subsystem, patience(), pace);
  }

  private Caller patience() {
    return Waiting.within(identity.settings().connectTimeout(), pace);
  }

  private synchronized @Nullable SharedConnection reserve() {
    connections.removeIf(connection -> !connection.isAlive());
    for (SharedConnection connection : connections) {
      if (connection.reserve()) {
        return connection;
      }
    }
    return null;
  }

  /** Makes a connection, or waits for the one that another is making. */
  private void connect() throws IOException {
    CompletableFuture<Void> others;
    CompletableFuture<Void> ours = new CompletableFuture<>();
    synchronized (this) {
      if (closed) {
        throw new ConnectionLost("the mount has ended");
      }
      others = connecting;
      if (others == null) {
        connecting = ours;
      }
    }
    if (others != null) {
      Waiting.result(others, patience(), pace);
      return;
    }
    try {
      add(
          connector.connect(
              identity.target(), identity.credentials(), identity.hostKeys(), identity.settings()));
      done(ours);
      ours.complete(null);
    } catch (IOException | RuntimeException e) {
      done(ours);
      ours.completeExceptionally(e);
      throw e;
    }
  }

  private synchronized void done(CompletableFuture<Void> made) {
    if (connecting == made) {
      connecting = null;
    }
  }

  private void add(SshConnection made) throws ConnectionLost {
    boolean late;
    synchronized (this) {
      late = closed;
      if (!late) {
        connections.add(new SharedConnection(made, this::retire));
      }
    }
    if (late) {
      made.close();
      throw new ConnectionLost("the mount has ended");
    }
  }

  /** A connection has lost its last channel: it goes, unless it is the only one. */
  private void retire(SharedConnection idle) {
    boolean goes;
    synchronized (this) {
      goes = connections.size() > 1 && idle.isIdle() && connections.remove(idle);
    }
    if (goes) {
      idle.close();
    }
  }

  /** Closes all of them, and what is still being made when it is there. Never waits. */
  void close() {
    List<SharedConnection> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(connections);
      connections.clear();
    }
    all.forEach(SharedConnection::close);
  }
}
