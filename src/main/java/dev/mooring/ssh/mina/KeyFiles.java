package dev.mooring.ssh.mina;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.Secret;
import dev.mooring.ssh.ServerText;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.putty.PuttyKeyUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys, OpenSSH, PEM or PuTTY, and says in plain words what is wrong with one: most
 * people who cannot log in have given a wrong path, the public half, or no passphrase.
 */
final class KeyFiles {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_LISTED = 20;
  private static final String PUTTY = "PuTTY-User-Key-File";

  private final SshTarget target;
  private final @Nullable Secret passphrase;
  private final boolean agent;

  private KeyFiles(SshTarget target, Credentials credentials) {
    this.target = target;
    this.passphrase = credentials.passphrase();
    this.agent = credentials.agent() != null;
  }

  /** Reads all key files, in their order; without those that are locked while an agent is there. */
  static List<LoadedKey> load(SshTarget target, Credentials credentials) throws SshFailure {
    KeyFiles files = new KeyFiles(target, credentials);
    List<LoadedKey> keys = new ArrayList<>();
    for (Path file : credentials.keyFiles()) {
      KeyPair pair = files.load(file);
      if (pair != null) {
        keys.add(new LoadedKey(file.toString(), pair, null));
      }
    }
    return keys;
  }

  private @Nullable KeyPair load(Path file) throws SshFailure {
    String text = read(file);
    if (isPublic(text)) {
      throw failure(SshTrouble.PUBLIC_KEY_GIVEN, null, file, others(file));
    }
    Passphrase asked = new Passphrase(passphrase);
    Iterable<KeyPair> pairs;
    try (var stream = Files.newInputStream(file)) {
      NamedResource name = NamedResource.ofName(file.toString());
      pairs =
          text.startsWith(PUTTY)
              ? PuttyKeyUtils.DEFAULT_INSTANCE.loadKeyPairs(null, name, asked, stream)
              : SecurityUtils.loadKeyPairIdentities(null, name, stream, asked);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      if (agent && asked.wasAsked && passphrase == null) {
        return null;
      }
      throw unreadable(file, asked, e);
    }
    if (pairs == null || !pairs.iterator().hasNext()) {
      throw unreadable(file, asked, null);
    }
    return pairs.iterator().next();
  }

  private String read(Path file) throws SshFailure {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
      }
    } catch (IOException e) {
      throw failure(SshTrouble.KEY_FORBIDDEN, e, file, e);
    }
    throw failure(
        Files.exists(file) ? SshTrouble.NO_KEY : SshTrouble.KEY_MISSING, null, file, others(file));
  }

  private static boolean isPublic(String text) {
    return text.startsWith("ssh-")
        || text.startsWith("ecdsa-sha2-")
        || text.startsWith("sk-")
        || text.startsWith("---- BEGIN SSH2 PUBLIC KEY")
        || text.startsWith("-----BEGIN PUBLIC KEY");
  }

  private SshFailure unreadable(Path file, Passphrase asked, @Nullable Throwable cause) {
    if (!asked.wasAsked) {
      return failure(SshTrouble.NOT_A_KEY, cause, file, others(file));
    }
    return failure(
        passphrase == null ? SshTrouble.KEY_ENCRYPTED : SshTrouble.WRONG_PASSPHRASE,
        cause,
        file,
        others(file));
  }

  /** What else the directory of a key file holds, as the end of a remedy. */
  private static String others(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return "; there is no directory " + directory;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      List<String> names =
          entries
              .map(Path::getFileName)
              .map(Path::toString)
              .sorted()
              .limit(MAX_LISTED + 1L)
              .toList();
      String listed =
          names.stream()
              .limit(MAX_LISTED)
              .map(ServerText::escape)
              .collect(Collectors.joining(", "));
      return "; "
          + directory
          + " holds "
          + (names.isEmpty() ? "nothing" : listed)
          + (names.size() > MAX_LISTED ? ", ..." : "");
    } catch (IOException e) {
      return "; " + directory + " cannot be listed (" + e + ")";
    }
  }

  private SshFailure failure(SshTrouble trouble, @Nullable Throwable cause, Object... details) {
    return new SshFailure(trouble, target.toString(), cause, details);
  }

  /** Gives the passphrase once, and remembers that somebody needed one. */
  private static final class Passphrase implements FilePasswordProvider {
    private final @Nullable Secret secret;
    boolean wasAsked;

    Passphrase(@Nullable Secret secret) {
      this.secret = secret;
    }

    @Override
    public @Nullable String getPassword(
        @Nullable SessionContext session, NamedResource resource, int retryIndex) {
      wasAsked = true;
      return secret == null ? null : secret.reveal();
    }
  }
}
