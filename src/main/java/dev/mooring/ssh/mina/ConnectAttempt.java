package dev.mooring.ssh.mina;

import dev.mooring.ssh.AddressFamily;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.PassedPhase;
import dev.mooring.ssh.ServerText;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * One try to connect and log in: four phases, one after the other, on a thread of its own, until
 * {@link #abort} ends it from outside.
 */
final class ConnectAttempt {
  /** How the session that MINA makes finds its attempt. */
  static final AttributeKey<ConnectAttempt> ATTEMPT = new AttributeKey<>();

  /** How all of MINA's complaints about a host's certificate end. */
  private static final String BAD_CERTIFICATE = "key ID=";

  /** How MINA says that there is nothing to choose from. */
  private static final String NOTHING_IN_COMMON = "Unable to negotiate key exchange";

  /**
   * How long an address has at first, and at last. The system itself tries later and later, and
   * would not notice for long that a server is back; nor would a second address have its turn.
   */
  private static final int FIRST_TCP_MILLIS = 2000;

  private static final int LAST_TCP_MILLIS = 5000;

  private final SshTarget target;
  private final Credentials credentials;
  private final ConnectionSettings settings;
  private final Algorithms algorithms;
  private final HostKeyCheck hostKeys;
  private final @Nullable AgentClient agent;
  private final ConnectionEvents events = new ConnectionEvents();
  private final List<PassedPhase> passed = new CopyOnWriteArrayList<>();
  private volatile List<LoadedKey> keys = List.of();
  private volatile Phase phase = Phase.DNS;
  private long phaseBegan = System.nanoTime();
  private volatile int tcpMillis = FIRST_TCP_MILLIS;
  private volatile boolean aborted;
  private volatile @Nullable ClientSession session;

  /** Reads the known hosts, and fails where a file is not good. */
  ConnectAttempt(
      SshTarget target, Credentials credentials, HostKeyPolicy policy, ConnectionSettings settings)
      throws SshFailure {
    this.target = target;
    this.credentials = credentials;
    this.settings = settings;
    this.algorithms = new Algorithms(settings);
    this.hostKeys = HostKeyCheck.read(target, settings.route().hostKeyAlias(), policy);
    this.agent = credentials.agent() == null ? null : new AgentClient(credentials.agent());
  }

  SshTarget target() {
    return target;
  }

  ConnectionEvents events() {
    return events;
  }

  /** What went well so far. */
  List<PassedPhase> passed() {
    return passed;
  }

  /**
   * Goes through all phases.
   *
   * @param below the host to go through; null for none
   */
  MinaConnection run(SshClient client, @Nullable MinaConnection below) throws SshFailure {
    keys = LoginKeys.load(target, credentials, agent);
    ClientSession connected =
        below == null ? connect(client, resolve()) : connectThrough(client, below);
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
    List<PassedPhase> all = new ArrayList<>(below == null ? List.of() : below.passed());
    all.addAll(passed);
    return new MinaConnection(target, connected, events, List.copyOf(all));
  }

  /** Ends it where it is, because its time is over or nobody waits for it any more. */
  SshFailure abort(String reason) {
    SshFailure overdue = overdue(reason, session);
    aborted = true;
    if (agent != null) {
      agent.abort();
    }
    ClientSession current = session;
    if (current != null) {
      events.closingByUs();
      current.close(true);
    }
    return overdue;
  }

  /** What was waited for in vain. */
  private SshFailure overdue(String reason, @Nullable ClientSession current) {
    if (agent != null && agent.isAsked()) {
      return agent.silence(target, reason, null);
    }
    return switch (phase) {
      case DNS -> failure(SshTrouble.NAME_OVERDUE, null, reason, target.host());
      case TCP -> failure(SshTrouble.UNANSWERED, null, reason);
      case KEY_EXCHANGE -> {
        String said = current == null ? null : current.getServerVersion();
        yield said == null
            ? failure(SshTrouble.SILENT, null, target.port(), reason)
            : failure(SshTrouble.HALTING, null, target.port(), reason, said);
      }
      case HOST_KEY, AUTHENTICATION, SUBSYSTEM -> failure(SshTrouble.LOGIN_OVERDUE, null, reason);
    };
  }

  /** What MINA must know about the session before it sends the first byte. */
  void prepare(ObservedSession made) {
    made.setCipherFactories(algorithms.ciphers());
    made.setMacFactories(algorithms.macs());
    made.setKeyExchangeFactories(algorithms.keyExchanges());
    made.setCompressionFactories(algorithms.compressions());
    made.setSignatureFactories(
        algorithms.hostKeys(hostKeys.knownTypes(), hostKeys.trustsAuthorities()));
    made.setServerKeyVerifier((_, _, key) -> {
      SshFailure refusal = hostKeys.refusalOf(key);
      if (refusal != null) {
        events.refuseHostKey(refusal);
      }
      return refusal == null;
    });
    Logins.prepare(made, credentials, keys, algorithms, events);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, settings.keepAliveInterval());
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, settings.keepAliveCount());
    // No keep-alives are sent during a key exchange: one that stalls is noticed by the silence.
    CoreModuleProperties.IDLE_TIMEOUT.set(
        made, settings.keepAliveInterval().multipliedBy(settings.keepAliveCount() + 1L));
    CoreModuleProperties.REKEY_BYTES_LIMIT.set(made, settings.rekey().bytes());
    CoreModuleProperties.REKEY_TIME_LIMIT.set(made, settings.rekey().time());
    made.heedLimits();
    made.addSessionListener(events);
  }

  private List<InetAddress> resolve() throws SshFailure {
    AddressFamily family = settings.route().family();
    List<InetAddress> addresses;
    try {
      addresses =
          Arrays.stream(InetAddress.getAllByName(target.host())).filter(family::has).toList();
    } catch (UnknownHostException e) {
      throw failure(SshTrouble.NAME_UNKNOWN, e, target.host());
    }
    if (addresses.isEmpty()) {
      throw failure(SshTrouble.NO_ADDRESS, null, target.host(), family);
    }
    enter(
        Phase.TCP,
        addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
    return addresses;
  }

  /** How long a socket may take to connect. */
  static int tcpMillis(@Nullable AttributeRepository context) {
    ConnectAttempt attempt = context == null ? null : context.getAttribute(ATTEMPT);
    return attempt == null ? LAST_TCP_MILLIS : attempt.tcpMillis;
  }

  /** Takes the first address that answers; where one says nothing, they are tried for ever. */
  private ClientSession connect(SshClient client, List<InetAddress> addresses) throws SshFailure {
    InetSocketAddress from = bindAddress();
    Set<String> reasons = new LinkedHashSet<>();
    IOException last = null;
    boolean silent = false;
    for (int round = 0; (round < settings.route().attempts() || silent) && !aborted; round++) {
      tcpMillis = Math.min(LAST_TCP_MILLIS, FIRST_TCP_MILLIS + 1000 * round);
      silent = false;
      for (InetAddress address : addresses) {
        try {
          ClientSession connected =
              connect(client, new InetSocketAddress(address, target.port()), from);
          enter(Phase.KEY_EXCHANGE, address.getHostAddress() + " port " + target.port());
          return connected;
        } catch (IOException e) {
          reasons.add(address.getHostAddress() + ": " + reasonOf(e));
          silent |= isSilence(e);
          last = e;
        }
      }
    }
    throw failure(SshTrouble.NOT_CONNECTED, last, String.join(", ", reasons));
  }

  private ClientSession connectThrough(SshClient client, MinaConnection below) throws SshFailure {
    phase = Phase.TCP;
    try {
      InetSocketAddress entrance = below.tunnel(target, settings.connectTimeout());
      ClientSession connected = connect(client, entrance, null);
      enter(Phase.KEY_EXCHANGE, "through " + below.target());
      return connected;
    } catch (IOException e) {
      throw failure(SshTrouble.NOT_THROUGH, e, below.target(), reasonOf(e), below.target().host());
    }
  }

  private ClientSession connect(
      SshClient client, InetSocketAddress to, @Nullable InetSocketAddress from) throws IOException {
    return client
        .connect(target.user(), to, AttributeRepository.ofKeyValuePair(ATTEMPT, this), from)
        .verify()
        .getSession();
  }

  private @Nullable InetSocketAddress bindAddress() throws SshFailure {
    String from = settings.route().bindAddress();
    try {
      return from == null ? null : new InetSocketAddress(InetAddress.getByName(from), 0);
    } catch (UnknownHostException e) {
      throw failure(SshTrouble.BIND_ADDRESS, e, String.valueOf(from));
    }
  }

  /** The name that a host certificate must be for, with the port. */
  InetSocketAddress certifiedAddress() {
    String alias = settings.route().hostKeyAlias();
    return InetSocketAddress.createUnresolved(alias == null ? target.host() : alias, target.port());
  }

  /** Notes that a phase went well. */
  private void enter(Phase next, String found) {
    long now = System.nanoTime();
    passed.add(
        new PassedPhase(
            phase, target, ServerText.escape(found), Duration.ofNanos(now - phaseBegan)));
    phase = next;
    phaseBegan = now;
  }

  private void exchangeKeys(ClientSession connected) throws SshFailure {
    phase = Phase.KEY_EXCHANGE;
    try {
      events.keysExchanged().join();
    } catch (CompletionException e) {
      SshFailure refusal = events.hostKeyRefusal();
      if (refusal != null) {
        throw refusal;
      }
      throw noKeyExchange(events.explanation(), e.getCause());
    }
    enter(
        Phase.HOST_KEY,
        String.join(
            ", ",
            connected.getServerVersion(),
            connected.getNegotiatedKexParameter(KexProposalOption.ALGORITHMS),
            connected.getNegotiatedKexParameter(KexProposalOption.S2CENC)));
    PublicKey key = connected.getServerKey();
    hostKeys.remember(key);
    enter(Phase.AUTHENTICATION, PublicKeys.describe(key));
  }

  private SshFailure noKeyExchange(String explanation, @Nullable Throwable cause) {
    if (explanation.contains(BAD_CERTIFICATE)) {
      return hostKeys.badCertificate(explanation, certifiedAddress().getHostString(), cause);
    }
    return explanation.contains(NOTHING_IN_COMMON)
        ? failure(SshTrouble.NO_ALGORITHM, cause, explanation)
        : failure(SshTrouble.NO_KEY_EXCHANGE, cause, target.port(), explanation);
  }

  private void logIn(ClientSession connected) throws SshFailure {
    try {
      connected.auth().verify();
    } catch (IOException e) {
      throw new LoginRefusals(target, credentials, keys, events).because(e);
    }
    enter(Phase.SUBSYSTEM, "as " + target.user() + " by " + events.accepted());
  }

  private static boolean isSilence(@Nullable Throwable thrown) {
    return thrown != null
        && (thrown instanceof SocketTimeoutException || isSilence(thrown.getCause()));
  }

  private static String reasonOf(IOException thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      boolean plain = t instanceof ConnectException || t instanceof SshChannelOpenException;
      if (plain && t.getMessage() != null) {
        return ServerText.escape(t.getMessage());
      }
    }
    return ServerText.escape(String.valueOf(thrown.getMessage()));
  }

  private SshFailure failure(SshTrouble trouble, @Nullable Throwable cause, Object... details) {
    return new SshFailure(trouble, target.toString(), cause, details);
  }
}
