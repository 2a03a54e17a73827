package dev.mooring.ssh;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user can log in with; what is there is tried in the order key files, password.
 *
 * @param keyFiles private keys in OpenSSH or PEM format, tried in this order; each must exist
 * @param passphrase opens the key files that are encrypted
 * @param password also answers keyboard-interactive
 */
public record Credentials(
    List<Path> keyFiles, @Nullable Secret passphrase, @Nullable Secret password) {

  public Credentials {
    keyFiles = List.copyOf(keyFiles);
  }

  /** A password alone. */
  public static Credentials ofPassword(String password) {
    return new Credentials(List.of(), null, new Secret(password));
  }

  /** One key file alone. */
  public static Credentials ofKey(Path keyFile) {
    return new Credentials(List.of(keyFile), null, null);
  }
}
