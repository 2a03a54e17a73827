package dev.mooring.mount;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a mount in the making logs in with. Not thread-safe. */
public final class LoginDraft {
  private final List<Path> keyFiles = new ArrayList<>();
  private final List<Path> certificates = new ArrayList<>();
  private final Set<LoginMethod> refused = EnumSet.noneOf(LoginMethod.class);
  private List<LoginMethod> methods = List.of(LoginMethod.values());
  private boolean defaultKeys = true;
  private boolean onlyKeyFiles;
  private @Nullable Path agent;
  private @Nullable Secret password;
  private @Nullable Secret passphrase;

  /** The password. */
  public void password(Secret secret) {
    password = secret;
  }

  /** What opens encrypted keys. */
  public void passphrase(Secret secret) {
    passphrase = secret;
  }

  /** One more private key, behind the others. */
  public void keyFile(Path file) {
    keyFiles.add(file);
  }

  /** One more certificate. */
  public void certificate(Path file) {
    certificates.add(file);
  }

  /** An agent's socket. */
  public void agent(Path socket) {
    agent = socket;
  }

  /** Whether the agent's keys count only where a key file is the same. */
  public void onlyKeyFiles(boolean only) {
    onlyKeyFiles = only;
  }

  /** The ways to log in, in order. */
  public void methods(List<LoginMethod> order) {
    methods = order;
  }

  /** Whether this way may be tried, wherever it stands in the order. */
  public void allow(LoginMethod method, boolean allowed) {
    if (allowed) {
      refused.remove(method);
    } else {
      refused.add(method);
    }
  }

  /** No private keys but those that are named. */
  public void noDefaultKeys() {
    defaultKeys = false;
  }

  /** Whether the usual private keys are wanted: none was named and nobody said that none is. */
  public boolean wantsDefaultKeys() {
    return defaultKeys && keyFiles.isEmpty();
  }

  /** The finished credentials. */
  public Credentials build() {
    return new Credentials(
        keyFiles,
        certificates,
        agent,
        onlyKeyFiles,
        passphrase,
        password,
        methods.stream().filter(method -> !refused.contains(method)).toList());
  }
}
