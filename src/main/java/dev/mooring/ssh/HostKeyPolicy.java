package dev.mooring.ssh;

import java.nio.file.Path;
import java.util.List;

/** Which host keys are good. */
public sealed interface HostKeyPolicy {

  /** Only a key that one of these known_hosts files has for the host; missing files are empty. */
  record Known(List<Path> knownHosts) implements HostKeyPolicy {
    public Known {
      knownHosts = List.copyOf(knownHosts);
    }
  }

  /**
   * As {@link Known}; the key of a host that none of the files knows is accepted and remembered. A
   * changed key is refused.
   *
   * @param remembered where new keys are appended (made with mode 0600 if need be); read as well
   */
  record AcceptNew(List<Path> knownHosts, Path remembered) implements HostKeyPolicy {
    public AcceptNew {
      knownHosts = List.copyOf(knownHosts);
    }
  }

  /**
   * Only these keys.
   *
   * @param pins {@code SHA256:base64} fingerprints as ssh-keygen -l prints them, or whole public
   *     keys ({@code ssh-ed25519 AAAA...})
   */
  record Pinned(List<String> pins) implements HostKeyPolicy {
    public Pinned {
      pins = List.copyOf(pins);
    }
  }

  /** Any key. Whoever chooses this is warned. */
  record AcceptAny() implements HostKeyPolicy {}
}
