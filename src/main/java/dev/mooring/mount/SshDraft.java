package dev.mooring.mount;

import dev.mooring.ssh.AddressFamily;
import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.ConnectionSettings.Rekey;
import dev.mooring.ssh.Hop;
import dev.mooring.ssh.Route;
import dev.mooring.ssh.SshTarget;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connection of a mount in the making. Not thread-safe. */
public final class SshDraft {
  private final LoginDraft login = new LoginDraft();
  private final HostKeyDraft hostKeys = new HostKeyDraft();
  private final Map<AlgorithmKind, List<String>> algorithms = new EnumMap<>(AlgorithmKind.class);
  private @Nullable String user;
  private @Nullable String host;
  private @Nullable String hostName;
  private int port = 22;
  private Duration connectTimeout = ConnectionSettings.DEFAULT.connectTimeout();
  private Duration keepAliveInterval = ConnectionSettings.DEFAULT.keepAliveInterval();
  private int keepAliveCount = ConnectionSettings.DEFAULT.keepAliveCount();
  private boolean compression = ConnectionSettings.DEFAULT.compression();
  private Rekey rekey = Rekey.DEFAULT;
  private AddressFamily family = AddressFamily.ANY;
  private @Nullable String bindAddress;
  private int attempts = 1;
  private @Nullable String proxyJump;
  private List<Hop> jumps = List.of();

  /** What to log in with. */
  public LoginDraft login() {
    return login;
  }

  /** Which host keys are good. */
  public HostKeyDraft hostKeys() {
    return hostKeys;
  }

  /** Who logs in. */
  public void user(String name) {
    user = name;
  }

  /** Who was set. */
  public @Nullable String user() {
    return user;
  }

  /** The server as it is called: a name or an address, IPv6 without brackets. */
  public void host(String name) {
    host = name;
  }

  /** The host that was set. */
  public @Nullable String host() {
    return host;
  }

  /** Where to connect, whatever the server is called. */
  public void hostName(String name) {
    hostName = name;
  }

  /** The TCP port. */
  public void port(int number) {
    port = number;
  }

  /** How long connecting may take. */
  public void connectTimeout(Duration time) {
    connectTimeout = time;
  }

  /** How often the server is asked whether it is there; zero for never. */
  public void keepAliveInterval(Duration time) {
    keepAliveInterval = time;
  }

  /** How many unanswered questions end the connection. */
  public void keepAliveCount(int count) {
    keepAliveCount = count;
  }

  /** Names of one kind in order of preference. */
  public void algorithms(AlgorithmKind kind, List<String> names) {
    algorithms.put(kind, names);
  }

  /** Whether to compress. */
  public void compression(boolean on) {
    compression = on;
  }

  /** When keys are exchanged anew. */
  public void rekey(Rekey limit) {
    rekey = limit;
  }

  /** Which addresses count. */
  public void family(AddressFamily only) {
    family = only;
  }

  /** The address to connect from. */
  public void bindAddress(String address) {
    bindAddress = address;
  }

  /** How often to try. */
  public void attempts(int count) {
    attempts = count;
  }

  /** The hosts on the way, as an option names them. */
  public void proxyJump(String hosts) {
    proxyJump = hosts;
  }

  /** The hosts on the way that an option named; they still have to become {@link #jumps}. */
  public @Nullable String proxyJump() {
    return proxyJump;
  }

  /** The hosts on the way, in order. */
  public void jumps(List<Hop> hops) {
    jumps = hops;
  }

  /**
   * Where it goes.
   *
   * @throws IllegalStateException when nobody set user and host
   */
  public SshTarget target() {
    if (user == null || host == null) {
      throw new IllegalStateException("neither user nor host may be missing");
    }
    return new SshTarget(user, hostName == null ? host : hostName, port);
  }

  ConnectionSettings settings() {
    return new ConnectionSettings(
        connectTimeout,
        keepAliveInterval,
        keepAliveCount,
        algorithms,
        compression,
        rekey,
        new Route(family, bindAddress, attempts, hostKeys.alias(), jumps));
  }
}
