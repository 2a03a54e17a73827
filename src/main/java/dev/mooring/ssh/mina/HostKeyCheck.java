package dev.mooring.ssh.mina;

import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the host key of one connection. The files are read before it begins, on the thread
 * that connects; {@link #refusalOf} then only compares, so that an I/O thread may call it.
 */
final class HostKeyCheck {
  private final SshTarget target;
  private final String name;
  private final HostKeyPolicy policy;
  private final HostKeyRefusals refusals;

  /** All lines about the host. */
  private final List<KnownHostsLine> lines;

  /** Good keys of the same host on another port, which count as well where this port has none. */
  private final List<KnownHostsLine> otherPort;

  private HostKeyCheck(
      SshTarget target,
      String name,
      HostKeyPolicy policy,
      List<KnownHostsLine> lines,
      List<KnownHostsLine> otherPort) {
    this.target = target;
    this.name = name;
    this.policy = policy;
    this.lines = lines;
    this.otherPort = otherPort;
    this.refusals = new HostKeyRefusals(target, name);
  }

  /**
   * Reads what the policy names.
   *
   * @param alias the name to look for, where it is not the target's
   * @throws SshFailure when a file is there and cannot be read
   */
  static HostKeyCheck read(SshTarget target, @Nullable String alias, HostKeyPolicy policy)
      throws SshFailure {
    String host = target.host().toLowerCase(Locale.ROOT);
    String name = alias == null ? KnownHosts.nameOf(target) : alias.toLowerCase(Locale.ROOT);
    List<Path> files = filesOf(policy);
    try {
      List<KnownHostsLine> lines = KnownHosts.about(name, files);
      boolean looksFurther =
          alias == null && !name.equals(host) && lines.stream().noneMatch(KnownHostsLine::plain);
      List<KnownHostsLine> further =
          looksFurther ? KnownHosts.about(host, files) : List.<KnownHostsLine>of();
      return new HostKeyCheck(
          target, name, policy, lines, further.stream().filter(KnownHostsLine::plain).toList());
    } catch (IOException e) {
      throw new SshFailure(
          SshTrouble.KNOWN_HOSTS_UNREADABLE, target.toString(), e, String.valueOf(e.getMessage()));
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
    return (isKnown() ? lines : otherPort)
        .stream()
            .filter(KnownHostsLine::plain)
            .map(KnownHostsLine::type)
            .collect(Collectors.toSet());
  }

  /** Whether an authority may vouch for the host. */
  boolean trustsAuthorities() {
    return lines.stream().anyMatch(KnownHostsLine::authority);
  }

  /**
   * Why the key, or a certificate that has been verified, is not good; null when it is.
   *
   * @param shown what the server showed
   */
  @Nullable SshFailure refusalOf(PublicKey shown) {
    PublicKey key = plain(shown);
    if (shown instanceof OpenSshCertificate certificate) {
      SshFailure revoked = revoked(certificate.getCaPubKey());
      if (revoked != null) {
        return revoked;
      }
      if (isGiven(certificate.getCaPubKey())) {
        return revoked(key);
      }
    }
    return switch (policy) {
      case HostKeyPolicy.AcceptAny() -> null;
      case HostKeyPolicy.Pinned(List<String> pins) ->
          pins.stream().anyMatch(pin -> isPinOf(pin, key)) ? null : refusals.notPinned(key, pins);
      case HostKeyPolicy.Known(List<Path> files) -> {
        SshFailure refusal = contradiction(key, lines);
        yield refusal != null || isKnown() || has(otherPort, key)
            ? refusal
            : refusals.unknown(key, files);
      }
      case HostKeyPolicy.AcceptNew _ -> contradiction(key, lines);
    };
  }

  /**
   * Remembers the key of a host that was unknown, if the policy says so. Reads and writes files:
   * not for an I/O thread.
   *
   * @throws SshFailure when another connection has remembered another key meanwhile, or the file
   *     cannot be written
   */
  void remember(PublicKey shown) throws SshFailure {
    boolean vouchedFor =
        shown instanceof OpenSshCertificate certificate && isGiven(certificate.getCaPubKey());
    PublicKey key = plain(shown);
    if (policy instanceof HostKeyPolicy.AcceptNew(_, Path remembered)
        && !vouchedFor
        && !isKnown()
        && !has(otherPort, key)) {
      SshFailure refusal;
      try {
        refusal = contradiction(key, KnownHosts.remember(remembered, name, key));
      } catch (IOException e) {
        refusal = refusals.notRemembered(key, remembered, e);
      }
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  private boolean isKnown() {
    return lines.stream().anyMatch(KnownHostsLine::plain);
  }

  private boolean isGiven(PublicKey authority) {
    return lines.stream().anyMatch(line -> line.authority() && line.has(authority));
  }

  private static boolean has(List<KnownHostsLine> among, PublicKey key) {
    return among.stream().anyMatch(line -> line.has(key));
  }

  private static PublicKey plain(PublicKey shown) {
    return shown instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : shown;
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

  private @Nullable SshFailure revoked(PublicKey key) {
    return lines.stream()
        .filter(line -> line.revoked() && line.has(key))
        .findFirst()
        .map(line -> refusals.revoked(key, line))
        .orElse(null);
  }

  /** What the lines say against the key; null when they have it, or have nothing on the host. */
  private @Nullable SshFailure contradiction(PublicKey key, List<KnownHostsLine> about) {
    SshFailure revoked = revoked(key);
    List<KnownHostsLine> good = about.stream().filter(KnownHostsLine::plain).toList();
    if (revoked != null || good.isEmpty() || has(good, key)) {
      return revoked;
    }
    return refusals.changed(key, good.getFirst());
  }

  private static boolean isPinOf(String pin, PublicKey key) {
    if (pin.indexOf(' ') < 0) {
      return pin.replace("=", "").equals(PublicKeys.fingerprint(key));
    }
    String[] words = pin.strip().split("\\s+", 3);
    return words[0].equals(PublicKeys.type(key)) && words[1].equals(PublicKeys.base64(key));
  }

  /** What to say of a certificate that cannot be verified. */
  SshFailure badCertificate(String explanation, String host, @Nullable Throwable cause) {
    return new SshFailure(SshTrouble.BAD_CERTIFICATE, target.toString(), cause, explanation, host);
  }
}
