package dev.mooring.mount;

import dev.mooring.ssh.HostKeyPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which host keys are good for a mount in the making. Not thread-safe. */
public final class HostKeyDraft {
  /** Which are good when none is pinned. */
  public enum Checking {
    /** Only known ones. */
    KNOWN,
    /** New ones are remembered. */
    ACCEPT_NEW,
    /** All. */
    ANY
  }

  private final List<Path> knownHosts = new ArrayList<>();
  private final List<String> pins = new ArrayList<>();
  private Checking checking = Checking.ACCEPT_NEW;
  private @Nullable Path remembered;
  private @Nullable String alias;

  /** How host keys are checked. */
  public void checking(Checking how) {
    checking = how;
  }

  /** One more known_hosts file. */
  public void knownHosts(Path file) {
    knownHosts.add(file);
  }

  /** Whether a known_hosts file was set. */
  public boolean hasKnownHosts() {
    return !knownHosts.isEmpty();
  }

  /** Where new host keys are remembered. */
  public void remembered(Path file) {
    remembered = file;
  }

  @Nullable Path remembered() {
    return remembered;
  }

  /** One more good host key or fingerprint; with one, nothing else counts. */
  public void pin(String hostKey) {
    pins.add(hostKey);
  }

  /** The server's name in known_hosts. */
  public void alias(String name) {
    alias = name;
  }

  @Nullable String alias() {
    return alias;
  }

  /**
   * The finished policy.
   *
   * @throws NullPointerException when new keys are to be remembered and nobody said where
   */
  public HostKeyPolicy build() {
    return pins.isEmpty() ? buildUnpinned() : new HostKeyPolicy.Pinned(pins);
  }

  /** The same for another host, for which the pins are not. */
  public HostKeyPolicy buildUnpinned() {
    return switch (checking) {
      case KNOWN -> new HostKeyPolicy.Known(knownHosts);
      case ACCEPT_NEW ->
          new HostKeyPolicy.AcceptNew(
              knownHosts, Objects.requireNonNull(remembered, "a place to remember keys"));
      case ANY -> new HostKeyPolicy.AcceptAny();
    };
  }
}
