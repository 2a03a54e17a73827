package dev.mooring.ssh.mina;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.LoginMethod;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.SshException;
import org.jspecify.annotations.Nullable;

/**
 * The words in which a login is refused: what was tried, and what the server takes.
 *
 * @param keys that were to be offered
 */
record LoginRefusals(
    SshTarget target, Credentials credentials, List<LoadedKey> keys, ConnectionEvents events) {

  SshFailure because(@Nullable Throwable cause) {
    if (!isServersWord(cause)) {
      return new SshFailure(SshTrouble.LOGIN_LOST, target.toString(), cause, events.explanation());
    }
    List<String> methods = events.methodsOffered();
    List<String> tried = tried();
    String offer = methods.isEmpty() ? events.explanation() : String.join(", ", methods);
    return new SshFailure(
        trouble(methods, tried.isEmpty()),
        target.toString(),
        cause,
        offer,
        String.join(", ", tried),
        target.user());
  }

  private SshTrouble trouble(List<String> methods, boolean nothingTried) {
    boolean takesKeys = methods.contains("publickey");
    boolean takesPasswords =
        methods.contains("password") || methods.contains("keyboard-interactive");
    if (methods.isEmpty()) {
      return SshTrouble.LOGIN_CUT;
    }
    if (!takesKeys && !takesPasswords) {
      return SshTrouble.NO_METHOD;
    }
    if (nothingTried) {
      return SshTrouble.NOTHING_GIVEN;
    }
    if (!keys.isEmpty() && takesKeys) {
      return SshTrouble.KEY_REFUSED;
    }
    if (triesPassword() && takesPasswords) {
      return SshTrouble.PASSWORD_REFUSED;
    }
    return takesKeys ? SshTrouble.ONLY_KEYS : SshTrouble.ONLY_PASSWORDS;
  }

  private List<String> tried() {
    List<String> tried = new ArrayList<>();
    for (LoadedKey key : keys) {
      String described = PublicKeys.describe(key.key());
      boolean asked = events.keysTried().contains(described);
      tried.add((asked ? "" : "(not asked for) ") + described + " of " + key.origin());
    }
    if (triesPassword()) {
      tried.add("the password");
    }
    return tried;
  }

  /** Whether there is a password and a method that takes it. */
  private boolean triesPassword() {
    return credentials.password() != null
        && credentials.methods().stream().anyMatch(m -> m != LoginMethod.PUBLIC_KEY);
  }

  /** A connection that was lost during the login says nothing about the login. */
  private static boolean isServersWord(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SshException said && said.getDisconnectCode() > 0) {
        return true;
      }
    }
    return false;
  }
}
