package dev.mooring.mount;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a mount is, for people. Text of the server is escaped.
 *
 * @param server {@code user@host:port}
 * @param serverVersion the server's version string
 * @param hostKeyFingerprint as ssh-keygen -l prints it
 * @param since when it was mounted
 * @param connected whether there is a connection at this moment
 * @param roundTrip what a small request took last; null when that is not known
 * @param reconnects how often the connection was made anew
 * @param lastError the last thing that went wrong with the connection; null when nothing did
 * @param usage what was read, written and asked for
 */
public record MountStatus(
    String server,
    String serverVersion,
    String hostKeyFingerprint,
    Instant since,
    boolean connected,
    @Nullable Duration roundTrip,
    int reconnects,
    @Nullable String lastError,
    Usage usage) {

  /**
   * What the mount was used for.
   *
   * @param openFiles open file descriptions at this moment
   * @param remembered names and attributes that were answered from memory
   * @param asked those for which the server was asked
   */
  public record Usage(
      long openFiles, long bytesRead, long bytesWritten, long remembered, long asked) {}
}
