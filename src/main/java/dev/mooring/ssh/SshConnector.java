package dev.mooring.ssh;

/** Makes connections. Thread-safe. */
@FunctionalInterface
public interface SshConnector {
  /**
   * Connects, checks the host key and logs in. Waits, at most {@link
   * ConnectionSettings#connectTimeout}; must be called on a thread that may.
   *
   * @throws SshFailure with everything that a person needs to mend it
   */
  SshConnection connect(
      SshTarget target,
      Credentials credentials,
      HostKeyPolicy hostKeys,
      ConnectionSettings settings)
      throws SshFailure;
}
