package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.ServerText;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * One try to connect and log in: four phases, one after the other, on a thread of its own, until
 * {@link #abort} ends it from outside.
 */
final class ConnectAttempt {
  /** How the session that MINA makes finds its attempt. */
  static final AttributeKey<ConnectAttempt> ATTEMPT = new AttributeKey<>();

  private final SshTarget target;
  private final Credentials credentials;
  private final ConnectionSettings settings;
  private final HostKeyCheck hostKeys;
  private final List<KeyFiles.LoadedKey> keys;
  private final ConnectionEvents events = new ConnectionEvents();
  private volatile Phase phase = Phase.DNS;
  private volatile boolean aborted;
  private volatile @Nullable ClientSession session;

  /** Reads the files that it needs, and fails where one is not good. */
  ConnectAttempt(
      SshTarget target, Credentials credentials, HostKeyPolicy policy, ConnectionSettings settings)
      throws SshFailure {
    this.target = target;
    this.credentials = credentials;
    this.settings = settings;
    this.hostKeys = HostKeyCheck.read(target, policy);
    this.keys = KeyFiles.load(target, credentials);
  }

  ConnectionEvents events() {
    return events;
  }

  /** Goes through all phases. */
  MinaConnection run(SshClient client) throws SshFailure {
    InetAddress[] addresses = resolve();
    ClientSession connected = connect(client, addresses);
    session = connected;
    if (aborted) {
      connected.close(true);
    }
    boolean done = false;
    try {
      exchangeKeys(connected);
      logIn(connected);
      done = true;
    } finally {
      if (!done) {
        events.closingByUs();
        connected.close(true);
      }
    }
    return new MinaConnection(target, connected, events);
  }

  /** Ends it where it is, because its time is over or nobody waits for it any more. */
  SshFailure abort(String reason) {
    aborted = true;
    ClientSession current = session;
    if (current != null) {
      events.closingByUs();
      current.close(true);
    }
    return failure(
        reason + silence(), Remedies.of(phase, target, credentials, events.methodsOffered()), null);
  }

  /** What MINA must know about the session before it sends the first byte. */
  void prepare(ClientSession made) {
    made.setCipherFactories(Algorithms.ciphers(settings.ciphers()));
    made.setCompressionFactories(Algorithms.compressions(settings.compression()));
    made.setSignatureFactories(Algorithms.signatures(hostKeys.knownTypes()));
    made.setServerKeyVerifier((_, _, key) -> {
      SshFailure refusal = hostKeys.refusalOf(key);
      if (refusal != null) {
        events.refuseHostKey(refusal);
      }
      return refusal == null;
    });
    Logins.prepare(made, credentials, keys, events);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, settings.keepAliveInterval());
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, settings.keepAliveCount());
    made.addSessionListener(events);
  }

  private InetAddress[] resolve() throws SshFailure {
    try {
      return InetAddress.getAllByName(target.host());
    } catch (UnknownHostException e) {
      throw failure("the name " + target.host() + " does not resolve", e);
    }
  }

  /** Takes the first address that answers. */
  private ClientSession connect(SshClient client, InetAddress[] addresses) throws SshFailure {
    phase = Phase.TCP;
    List<String> reasons = new ArrayList<>();
    IOException last = null;
    for (InetAddress address : addresses) {
      InetSocketAddress socket = new InetSocketAddress(address, target.port());
      try {
        return client
            .connect(target.user(), socket, AttributeRepository.ofKeyValuePair(ATTEMPT, this), null)
            .verify()
            .getSession();
      } catch (IOException e) {
        reasons.add(address.getHostAddress() + ": " + reasonOf(e));
        last = e;
      }
    }
    throw failure(String.join(", ", reasons), last);
  }

  private void exchangeKeys(ClientSession connected) throws SshFailure {
    phase = Phase.KEY_EXCHANGE;
    try {
      events.keysExchanged().join();
    } catch (CompletionException e) {
      SshFailure refusal = events.hostKeyRefusal();
      throw refusal != null ? refusal : failure(events.explanation(), e.getCause());
    }
    phase = Phase.HOST_KEY;
    hostKeys.remember(connected.getServerKey());
  }

  private void logIn(ClientSession connected) throws SshFailure {
    phase = Phase.AUTHENTICATION;
    try {
      connected.auth().verify();
    } catch (IOException e) {
      throw failure(Logins.explain(keys, credentials.password(), events), e);
    }
  }

  /** How much of the server was seen when the time was over. */
  private String silence() {
    ClientSession current = session;
    if (phase != Phase.KEY_EXCHANGE || current == null) {
      return "";
    }
    return current.getServerVersion() == null
        ? ": it accepts connections but says nothing"
        : ": it said " + ServerText.escape(current.getServerVersion()) + " and no more";
  }

  private static String reasonOf(IOException thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ConnectException && t.getMessage() != null) {
        return t.getMessage();
      }
    }
    return ServerText.escape(String.valueOf(thrown.getMessage()));
  }

  private SshFailure failure(String reason, @Nullable Throwable cause) {
    return failure(reason, Remedies.of(phase, target, credentials, events.methodsOffered()), cause);
  }

  private SshFailure failure(String reason, String remedy, @Nullable Throwable cause) {
    return new SshFailure(phase, target.toString(), reason, remedy, cause);
  }
}
