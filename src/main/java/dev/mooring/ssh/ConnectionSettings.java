package dev.mooring.ssh;

import java.time.Duration;
import java.util.List;

/**
 * How a connection behaves.
 *
 * @param connectTimeout for DNS, TCP, key exchange and authentication together
 * @param keepAliveInterval ServerAliveInterval; zero for none
 * @param keepAliveCount ServerAliveCountMax: how many unanswered ones end the connection
 * @param ciphers names in order of preference; empty for ours (AES-GCM first)
 * @param compression whether zlib@openssh.com is offered first
 */
public record ConnectionSettings(
    Duration connectTimeout,
    Duration keepAliveInterval,
    int keepAliveCount,
    List<String> ciphers,
    boolean compression) {

  /** 15 s to connect, keep-alive of 15 s three times, our ciphers, no compression. */
  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(Duration.ofSeconds(15), Duration.ofSeconds(15), 3, List.of(), false);

  public ConnectionSettings {
    ciphers = List.copyOf(ciphers);
  }
}
