package dev.mooring.ssh;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a connection behaves.
 *
 * @param connectTimeout for DNS, TCP, key exchange and authentication together
 * @param keepAliveInterval ServerAliveInterval; zero for none
 * @param keepAliveCount ServerAliveCountMax: how many unanswered ones end the connection
 * @param algorithms names in order of preference; of a kind that is not there, the standard ones
 * @param compression whether zlib@openssh.com is offered first
 * @param rekey when keys are exchanged anew
 */
public record ConnectionSettings(
    Duration connectTimeout,
    Duration keepAliveInterval,
    int keepAliveCount,
    Map<AlgorithmKind, List<String>> algorithms,
    boolean compression,
    Rekey rekey,
    Route route) {

  /**
   * When keys are exchanged anew: after so many bytes, or so much time, whichever is first.
   *
   * @param time zero for no limit
   */
  public record Rekey(long bytes, Duration time) {
    /** 32 GB or an hour: half of what AES-GCM allows. */
    public static final Rekey DEFAULT = new Rekey(32L << 30, Duration.ofHours(1));
  }

  /** 15 s to connect, keep-alive of 15 s three times, our algorithms, no compression. */
  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          3,
          Map.of(),
          false,
          Rekey.DEFAULT,
          Route.DIRECT);

  public ConnectionSettings {
    algorithms = Map.copyOf(algorithms);
  }

  /** The names of one kind, in order of preference. */
  public List<String> algorithms(AlgorithmKind kind) {
    return algorithms.getOrDefault(kind, kind.standard());
  }

  /** The same with other times. */
  public ConnectionSettings withTimes(Duration connect, Duration alive, int count) {
    return new ConnectionSettings(connect, alive, count, algorithms, compression, rekey, route);
  }

  /** The same with other names of one kind. */
  public ConnectionSettings withAlgorithms(AlgorithmKind kind, List<String> names) {
    Map<AlgorithmKind, List<String>> more = new EnumMap<>(AlgorithmKind.class);
    more.putAll(algorithms);
    more.put(kind, names);
    return new ConnectionSettings(
        connectTimeout, keepAliveInterval, keepAliveCount, more, compression, rekey, route);
  }

  /** The same another way. */
  public ConnectionSettings withRoute(Route other) {
    return new ConnectionSettings(
        connectTimeout, keepAliveInterval, keepAliveCount, algorithms, compression, rekey, other);
  }
}
