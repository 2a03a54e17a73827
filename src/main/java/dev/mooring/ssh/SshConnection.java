package dev.mooring.ssh;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One authenticated connection, on which any number of channels are opened. Thread-safe. */
public interface SshConnection extends AutoCloseable {
  /** The server's SHA-256 host-key fingerprint, as ssh-keygen -l prints it. */
  String hostKeyFingerprint();

  /** The server's version string, escaped for printing. */
  String serverVersion();

  /** The phases that led here, with the hosts on the way. */
  default List<PassedPhase> passed() {
    return List.of();
  }

  /**
   * Opens a channel to a subsystem. Never waits.
   *
   * @param subsystem its name ({@code sftp}); with a {@code /} in it a command to run instead
   * @return fails with {@link SshFailure} in phase SUBSYSTEM, or {@link ConnectionLost}
   */
  CompletableFuture<SubsystemChannel> open(String subsystem);

  /** Completes, always normally, when the connection is gone. */
  CompletableFuture<ConnectionLost> closed();

  /** Closes it and its channels. Never waits; repeating it does nothing. */
  @Override
  void close();
}
