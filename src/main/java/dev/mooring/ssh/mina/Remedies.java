package dev.mooring.ssh.mina;

import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.SshFailure.Phase;
import dev.mooring.ssh.SshTarget;
import java.util.List;

/** What to do about a failure of each phase, as far as the phase alone tells. */
final class Remedies {
  private Remedies() {}

  /** An imperative sentence without a full stop. */
  static String of(
      Phase phase, SshTarget target, Credentials credentials, List<String> methodsOffered) {
    return switch (phase) {
      case DNS ->
          "check the name; names of containers do not resolve here, publish the port and name the"
              + " host instead";
      case TCP ->
          "check address and port, that an SSH server listens there, and the firewalls in between";
      case KEY_EXCHANGE ->
          "check that port "
              + target.port()
              + " is an SSH server's, and read its log: it may"
              + " limit connections (MaxStartups) or share no algorithms with us";
      case HOST_KEY -> "check the known hosts";
      case AUTHENTICATION -> login(target, credentials, methodsOffered);
      case SUBSYSTEM ->
          "add 'Subsystem sftp internal-sftp' to the server's sshd_config and reload it";
    };
  }

  private static String login(
      SshTarget target, Credentials credentials, List<String> methodsOffered) {
    boolean password = Logins.triesPassword(credentials);
    boolean keys = !credentials.keyFiles().isEmpty() || credentials.agent() != null;
    boolean takesKeys = methodsOffered.contains("publickey");
    boolean takesPasswords =
        methodsOffered.contains("password") || methodsOffered.contains("keyboard-interactive");
    if (methodsOffered.isEmpty()) {
      return "read the server's log; it says why it refuses " + target.user();
    }
    if (keys && takesKeys) {
      return "add the public key to authorized_keys of "
          + target.user()
          + " on the server, whose log says why it refused";
    }
    if (password && takesPasswords) {
      return "check user and password";
    }
    if (takesKeys) {
      return takesPasswords ? "give a key file or a password" : "give a key file";
    }
    return takesPasswords ? "give a password" : "allow publickey or password on the server";
  }
}
