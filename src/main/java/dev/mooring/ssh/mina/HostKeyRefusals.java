package dev.mooring.ssh.mina;

import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
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
    return failure(
        "the server's key " + PublicKeys.describe(key) + " is revoked by " + line.place(),
        "give the server a new key, or find out who answers in its place");
  }

  SshFailure changed(PublicKey key, KnownHostsLine line) {
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
        "if it was set up anew, run: ssh-keygen -f '" + line.file() + "' -R '" + name + "'");
  }

  SshFailure unknown(PublicKey key, List<Path> files) {
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

  SshFailure notPinned(PublicKey key, List<String> pins) {
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

  SshFailure notRemembered(PublicKey key, Path file, IOException cause) {
    return failure(
        "the server's new key "
            + PublicKeys.describe(key)
            + " cannot be remembered in "
            + file
            + " ("
            + cause
            + ")",
        "check the file and its permissions");
  }

  private static String join(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private SshFailure failure(String reason, String remedy) {
    return new SshFailure(Phase.HOST_KEY, target.toString(), reason, remedy, null);
  }
}
