package dev.mooring.ssh.mina;

import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The words in which a host key is refused.
 *
 * @param name of the host in known_hosts
 */
record HostKeyRefusals(SshTarget target, String name) {
  SshFailure revoked(PublicKey key, KnownHostsLine line) {
    return failure(SshTrouble.KEY_REVOKED, PublicKeys.describe(key), line.place());
  }

  SshFailure changed(PublicKey key, KnownHostsLine line) {
    return failure(
        SshTrouble.KEY_CHANGED,
        PublicKeys.describe(key),
        line.place(),
        line.type() + " " + PublicKeys.fingerprint(line.key()),
        line.file(),
        name);
  }

  SshFailure unknown(PublicKey key, List<Path> files) {
    return failure(
        SshTrouble.KEY_UNKNOWN,
        PublicKeys.describe(key),
        files.isEmpty() ? "none" : join(files),
        target.port(),
        target.host());
  }

  SshFailure notPinned(PublicKey key, List<String> pins) {
    return failure(
        SshTrouble.KEY_NOT_PINNED,
        PublicKeys.describe(key),
        String.join(", ", pins),
        PublicKeys.fingerprint(key));
  }

  SshFailure notRemembered(PublicKey key, Path file, IOException cause) {
    return failure(SshTrouble.KEY_NOT_REMEMBERED, PublicKeys.describe(key), file, cause);
  }

  private static String join(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private SshFailure failure(SshTrouble trouble, Object... details) {
    return new SshFailure(trouble, target.toString(), null, details);
  }
}
