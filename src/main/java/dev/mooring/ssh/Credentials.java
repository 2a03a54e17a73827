package dev.mooring.ssh;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user can log in with; what is there is tried in the order of the methods. Certificates
 * come before the keys that they are for, and keys of the agent before those of files.
 *
 * @param keyFiles private keys in OpenSSH, PEM, PKCS#8 or PuTTY format, tried in this order; each
 *     must exist
 * @param certificates files with certificates of these keys or of the agent's; one that lies beside
 *     a key as {@code *-cert.pub} is found by itself
 * @param agent the socket of an ssh-agent
 * @param onlyKeyFiles whether the agent's keys count only where a key file is the same
 * @param passphrase opens the key files that are encrypted
 * @param password also answers keyboard-interactive
 */
public record Credentials(
    List<Path> keyFiles,
    List<Path> certificates,
    @Nullable Path agent,
    boolean onlyKeyFiles,
    @Nullable Secret passphrase,
    @Nullable Secret password,
    List<LoginMethod> methods) {

  public Credentials {
    keyFiles = List.copyOf(keyFiles);
    certificates = List.copyOf(certificates);
    methods = List.copyOf(methods);
  }

  /** Key files and a password, by all methods. */
  public Credentials(List<Path> keyFiles, @Nullable Secret passphrase, @Nullable Secret password) {
    this(keyFiles, List.of(), null, false, passphrase, password, List.of(LoginMethod.values()));
  }

  /** A password alone. */
  public static Credentials ofPassword(String password) {
    return new Credentials(List.of(), null, new Secret(password));
  }

  /** One key file alone. */
  public static Credentials ofKey(Path keyFile) {
    return new Credentials(List.of(keyFile), null, null);
  }

  /** The keys of an agent alone. */
  public static Credentials ofAgent(Path socket) {
    return new Credentials(
        List.of(), List.of(), socket, false, null, null, List.of(LoginMethod.values()));
  }
}
