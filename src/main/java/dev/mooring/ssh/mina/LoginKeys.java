package dev.mooring.ssh.mina;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/**
 * All keys that one connection offers, in their order: certificates first, then the agent's, then
 * those of files. Reading them waits for files and for the agent.
 */
final class LoginKeys {
  private static final String BESIDE = "-cert.pub";

  private final SshTarget target;
  private final List<LoadedKey> plain = new ArrayList<>();
  private final List<LoadedKey> certified = new ArrayList<>();

  private LoginKeys(SshTarget target) {
    this.target = target;
  }

  /** Reads them; where keys are not wanted, none. */
  static List<LoadedKey> load(
      SshTarget target, Credentials credentials, @Nullable AgentClient agent) throws SshFailure {
    if (!credentials.methods().contains(LoginMethod.PUBLIC_KEY)) {
      return List.of();
    }
    LoginKeys keys = new LoginKeys(target);
    List<LoadedKey> files = KeyFiles.load(target, credentials);
    if (agent != null) {
      keys.plain.addAll(agent.keys(target));
      if (credentials.onlyKeyFiles()) {
        keys.plain.removeIf(key -> files.stream().noneMatch(file -> file.key().equals(key.key())));
      }
    }
    keys.plain.addAll(files);
    for (Path file : credentials.certificates()) {
      keys.certify(file, true);
    }
    for (Path file : credentials.keyFiles()) {
      Path beside = file.resolveSibling(file.getFileName() + BESIDE);
      if (Files.isRegularFile(beside)) {
        keys.certify(beside, false);
      }
    }
    keys.certified.addAll(keys.plain);
    return keys.certified;
  }

  /** Joins a certificate with its key. */
  private void certify(Path file, boolean named) throws SshFailure {
    OpenSshCertificate certificate = read(file);
    List<LoadedKey> holders =
        plain.stream().filter(key -> key.key().equals(certificate.getCertPubKey())).toList();
    String origin = OpenSshCertificate.isValidNow(certificate) ? "" + file : file + " (expired)";
    for (LoadedKey holder : holders) {
      if (holder.agent() == null) {
        KeyPair pair = new KeyPair(certificate, holder.pair().getPrivate());
        certified.add(new LoadedKey(origin, pair, null));
        return;
      }
    }
    if (named) {
      throw failure(
          SshTrouble.CERTIFICATE_WITHOUT_KEY,
          null,
          file,
          PublicKeys.describe(certificate.getCertPubKey()),
          plain.isEmpty() ? "" : "; there are " + described(plain));
    }
  }

  private OpenSshCertificate read(Path file) throws SshFailure {
    try {
      PublicKey key =
          PublicKeyEntry.parsePublicKeyEntry(Files.readString(file).strip())
              .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.IGNORING);
      if (key instanceof OpenSshCertificate certificate) {
        return certificate;
      }
      throw failure(SshTrouble.NO_CERTIFICATE, null, file);
    } catch (SshFailure e) {
      throw e;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw failure(SshTrouble.CERTIFICATE_UNREADABLE, e, file, String.valueOf(e.getMessage()));
    }
  }

  private static String described(List<LoadedKey> keys) {
    return keys.stream()
        .map(key -> PublicKeys.describe(key.key()) + " of " + key.origin())
        .collect(Collectors.joining(", "));
  }

  private SshFailure failure(SshTrouble trouble, @Nullable Throwable cause, Object... details) {
    return new SshFailure(trouble, target.toString(), cause, details);
  }
}
