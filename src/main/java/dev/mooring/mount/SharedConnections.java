package dev.mooring.mount;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Pace;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SshTarget;
import java.util.HashMap;
import java.util.Map;

/**
 * The SSH connections of all mounts: those of one identity on one server share theirs. Thread-safe.
 */
final class SharedConnections {
  /** What must be the same for two mounts to use one connection. */
  record Identity(
      SshTarget target,
      Credentials credentials,
      HostKeyPolicy hostKeys,
      ConnectionSettings settings) {

    static Identity of(MountSpec spec) {
      return new Identity(spec.target(), spec.credentials(), spec.hostKeys(), spec.connection());
    }

    boolean isOnServerOf(Identity other) {
      return target.host().equals(other.target.host()) && target.port() == other.target.port();
    }
  }

  private final SshConnector connector;
  private final Pace pace;

  @GuardedBy("this")
  private final Map<Identity, ConnectionPool> pools = new HashMap<>();

  SharedConnections(SshConnector connector, Pace pace) {
    this.connector = connector;
    this.pace = pace;
  }

  /**
   * The connections of one mount, until it closes what it got.
   *
   * @param again what its options say later
   */
  ConnectionSource source(MountSpec spec, SpecSource again) {
    return new ConnectionSource(this, join(Identity.of(spec)), spec.subsystem(), again);
  }

  /** The connections of this identity, of one mount more; {@link #leave} must follow. */
  synchronized ConnectionPool join(Identity identity) {
    ConnectionPool pool =
        pools.computeIfAbsent(identity, made -> new ConnectionPool(connector, made, pace));
    pool.join();
    return pool;
  }

  /** One mount less; the last one's going closes them. Never waits. */
  void leave(ConnectionPool pool) {
    boolean last;
    synchronized (this) {
      last = pool.leave();
      if (last) {
        pools.remove(pool.identity(), pool);
      }
    }
    if (last) {
      pool.close();
    }
  }
}
