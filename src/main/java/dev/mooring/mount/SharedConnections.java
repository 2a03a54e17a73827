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
  }

  private final SshConnector connector;
  private final Pace pace;

  @GuardedBy("this")
  private final Map<Identity, ConnectionPool> pools = new HashMap<>();

  SharedConnections(SshConnector connector, Pace pace) {
    this.connector = connector;
    this.pace = pace;
  }

  /** The connections of one mount, until it closes what it got. */
  synchronized ConnectionSource source(MountSpec spec) {
    ConnectionPool pool =
        pools.computeIfAbsent(
            Identity.of(spec), identity -> new ConnectionPool(connector, identity, pace));
    pool.join();
    return new ConnectionSource(pool, spec.subsystem(), () -> leave(Identity.of(spec), pool));
  }

  private void leave(Identity identity, ConnectionPool pool) {
    boolean last;
    synchronized (this) {
      last = pool.leave();
      if (last) {
        pools.remove(identity, pool);
      }
    }
    if (last) {
      pool.close();
    }
  }
}
