package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.Hop;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.PassedPhase;
import dev.mooring.ssh.Route;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.jspecify.annotations.Nullable;

/**
 * Connecting host by host, each through the one before, on one thread, until {@link #abort} ends it
 * from outside. Mostly there is one host only.
 */
final class ConnectChain {
  private final List<ConnectAttempt> attempts;
  private volatile ConnectAttempt current;
  private volatile boolean aborted;

  private ConnectChain(List<ConnectAttempt> attempts) {
    this.attempts = attempts;
    this.current = attempts.getFirst();
  }

  /** All hosts of the route, and the target last. */
  static ConnectChain of(
      SshTarget target,
      Credentials credentials,
      HostKeyPolicy hostKeys,
      ConnectionSettings settings)
      throws SshFailure {
    Route route = settings.route();
    Route toHops =
        new Route(route.family(), route.bindAddress(), route.attempts(), null, List.of());
    List<ConnectAttempt> attempts = new ArrayList<>();
    for (Hop hop : route.jumps()) {
      attempts.add(
          new ConnectAttempt(
              hop.target(), hop.credentials(), hop.hostKeys(), settings.withRoute(toHops)));
    }
    attempts.add(new ConnectAttempt(target, credentials, hostKeys, settings));
    return new ConnectChain(attempts);
  }

  /**
   * Connects; closing the result closes all.
   *
   * @param again does all of it once more
   */
  MinaConnection run(SshClient client, StallWatch.Login again) throws SshFailure {
    @Nullable MinaConnection last = null;
    try {
      for (ConnectAttempt attempt : attempts) {
        current = attempt;
        if (aborted) {
          throw attempt.abort("interrupted");
        }
        MinaConnection below = last;
        MinaConnection next = attempt.run(client, below);
        if (below == null) {
          // The only one over a network: the others are in it.
          next.watch(again);
        } else {
          next.closed().thenRun(below::close);
        }
        last = next;
      }
    } catch (SshFailure | RuntimeException e) {
      if (last != null) {
        last.close();
      }
      throw e;
    }
    if (last == null) {
      throw new IllegalStateException("a chain has at least one host");
    }
    return last;
  }

  /** What went well so far. */
  List<PassedPhase> passed() {
    return attempts.stream().flatMap(attempt -> attempt.passed().stream()).toList();
  }

  /** Ends it where it is. */
  SshFailure abort(String reason) {
    aborted = true;
    return current.abort(reason);
  }
}
