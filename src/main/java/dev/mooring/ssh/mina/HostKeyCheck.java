package dev.mooring.ssh.mina;

import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the host key of one connection. The files are read before it begins, on the thread
 * that connects; {@link #refusalOf} then only compares, so that an I/O thread may call it.
 */
final class HostKeyCheck {
  private final SshTarget target;
  private final HostKeyPolicy policy;
  private final List<KnownHostsLine> known;

  private HostKeyCheck(SshTarget target, HostKeyPolicy policy, List<KnownHostsLine> known) {
    this.target = target;
    this.policy = policy;
    this.known = known;
  }

  /**
   * Reads what the policy names.
   *
   * @throws SshFailure when a file is there and cannot be read
   */
  static HostKeyCheck read(SshTarget target, HostKeyPolicy policy) throws SshFailure {
    try {
      return new HostKeyCheck(target, policy, KnownHosts.about(target, filesOf(policy)));
    } catch (IOException e) {
      throw new SshFailure(
          Phase.HOST_KEY,
          target.toString(),
          "a known hosts file cannot be read (" + e.getMessage() + ")",
          "check the file and its permissions",
          e);
    }
  }

  /** The types of the host's keys that are known, which the server should show first. */
  Set<String> knownTypes() {
    if (policy instanceof HostKeyPolicy.Pinned(List<String> pins)) {
      return pins.stream()
          .filter(pin -> pin.indexOf(' ') > 0)
          .map(pin -> pin.substring(0, pin.indexOf(' ')))
          .collect(Collectors.toSet());
    }
    return known.stream()
        .filter(line -> !line.revoked())
        .map(KnownHostsLine::type)
        .collect(Collectors.toSet());
  }

  /** Why the key is not good; null when it is. */
  @Nullable SshFailure refusalOf(PublicKey key) {
    return switch (policy) {
      case HostKeyPolicy.AcceptAny() -> null;
      case HostKeyPolicy.Pinned(List<String> pins) ->
          pins.stream().anyMatch(pin -> isPinOf(pin, key)) ? null : notPinned(key, pins);
      case HostKeyPolicy.Known(List<Path> files) -> {
        SshFailure refusal = contradiction(key, known);
        yield refusal != null || isKnown() ? refusal : unknown(key, files);
      }
      case HostKeyPolicy.AcceptNew _ -> contradiction(key, known);
    };
  }

  /**
   * Remembers the key of a host that was unknown, if the policy says so. Reads and writes files:
   * not for an I/O thread.
   *
   * @throws SshFailure when another connection has remembered another key meanwhile, or the file
   *     cannot be written
   */
  void remember(PublicKey key) throws SshFailure {
    if (policy instanceof HostKeyPolicy.AcceptNew(_, Path remembered) && !isKnown()) {
      SshFailure refusal;
      try {
        refusal = contradiction(key, KnownHosts.remember(remembered, target, key));
      } catch (IOException e) {
        refusal =
            failure(
                "the server's new key "
                    + PublicKeys.describe(key)
                    + " cannot be remembered in "
                    + remembered
                    + " ("
                    + e
                    + ")",
                "check the file and its permissions");
      }
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  private boolean isKnown() {
    return known.stream().anyMatch(line -> !line.revoked());
  }

  private static List<Path> filesOf(HostKeyPolicy policy) {
    return switch (policy) {
      case HostKeyPolicy.Known(List<Path> files) -> files;
      case HostKeyPolicy.AcceptNew(List<Path> files, Path remembered) -> {
        List<Path> all = new ArrayList<>(files);
        all.add(remembered);
        yield all;
      }
      case HostKeyPolicy.Pinned _, HostKeyPolicy.AcceptAny _ -> List.of();
    };
  }

  /** What the lines say against the key; null when they have it, or have nothing on the host. */
  private @Nullable SshFailure contradiction(PublicKey key, List<KnownHostsLine> lines) {
    List<KnownHostsLine> others = new ArrayList<>();
    boolean found = false;
    for (KnownHostsLine line : lines) {
      if (line.revoked() && line.has(key)) {
        return failure(
            "the server's key " + PublicKeys.describe(key) + " is revoked by " + line.place(),
            "give the server a new key, or find out who answers in its place");
      }
      found |= !line.revoked() && line.has(key);
      if (!line.revoked()) {
        others.add(line);
      }
    }
    return found || others.isEmpty() ? null : changed(key, others.getFirst());
  }

  private SshFailure changed(PublicKey key, KnownHostsLine line) {
    return failure(
        "the server's key has changed: it shows "
            + PublicKeys.describe(key)
            + ", but "
            + line.place()
            + " has "
            + line.type()
            + " "
            + PublicKeys.fingerprint(line.key())
            + "; either the server was set up anew or somebody is listening in",
        "if it was set up anew, run: ssh-keygen -f '"
            + line.file()
            + "' -R '"
            + KnownHosts.nameOf(target)
            + "'");
  }

  private SshFailure unknown(PublicKey key, List<Path> files) {
    return failure(
        "no known hosts file has a key of this server, which shows "
            + PublicKeys.describe(key)
            + " (looked in "
            + (files.isEmpty() ? "none" : join(files))
            + ")",
        "compare the fingerprint with the server's own (ssh-keygen -l -f"
            + " /etc/ssh/ssh_host_..._key.pub), then add its key, as ssh-keyscan -p "
            + target.port()
            + " "
            + target.host()
            + " prints it");
  }

  private SshFailure notPinned(PublicKey key, List<String> pins) {
    return failure(
        "the server's key "
            + PublicKeys.describe(key)
            + " is not the pinned one ("
            + String.join(", ", pins)
            + ")",
        "find out why the key differs; pin "
            + PublicKeys.fingerprint(key)
            + " only if the server's administrator confirms it");
  }

  private static String join(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private static boolean isPinOf(String pin, PublicKey key) {
    if (pin.indexOf(' ') < 0) {
      return pin.replace("=", "").equals(PublicKeys.fingerprint(key));
    }
    String[] words = pin.strip().split("\\s+", 3);
    return words[0].equals(PublicKeys.type(key)) && words[1].equals(PublicKeys.base64(key));
  }

  private SshFailure failure(String reason, String remedy) {
    return new SshFailure(Phase.HOST_KEY, target.toString(), reason, remedy, null);
  }
}
