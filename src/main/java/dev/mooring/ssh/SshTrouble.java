package dev.mooring.ssh;

import dev.mooring.ssh.SshFailure.Phase;

/**
 * All that a connection can fail with, in the words in which people read it: no {@link SshFailure}
 * says anything else, and docs/TROUBLESHOOTING.md has an entry for each.
 *
 * <p>In the texts stand the details of the one case, by their number.
 */
public enum SshTrouble {
  NAME_UNKNOWN(Phase.DNS, "the name %1$s does not resolve", Words.CHECK_NAME),
  NAME_OVERDUE(Phase.DNS, "%1$s about the name %2$s", Words.CHECK_NAME),
  NO_ADDRESS(
      Phase.DNS,
      "the name %1$s has no address of the family %2$s",
      "choose another AddressFamily, or leave it out"),

  NOT_CONNECTED(Phase.TCP, "%1$s", Words.CHECK_ADDRESS),
  UNANSWERED(Phase.TCP, "%1$s", Words.CHECK_ADDRESS),
  BIND_ADDRESS(
      Phase.TCP, "BindAddress %1$s is no address", "name one of this machine, as ip address does"),
  NOT_THROUGH(
      Phase.TCP,
      "not reached through %1$s (%2$s)",
      "check that %3$s reaches the host, and that its sshd_config allows it (AllowTcpForwarding,"
          + " PermitOpen)"),

  SILENT(Phase.KEY_EXCHANGE, "%2$s: it accepts connections but says nothing", Words.CHECK_PORT),
  HALTING(Phase.KEY_EXCHANGE, "%2$s: it said %3$s and no more", Words.CHECK_PORT),
  NO_KEY_EXCHANGE(Phase.KEY_EXCHANGE, "%2$s", Words.CHECK_PORT),
  NO_ALGORITHM(
      Phase.KEY_EXCHANGE,
      "%1$s",
      "allow one of the server's with Ciphers, MACs, KexAlgorithms or HostKeyAlgorithms, as in"
          + " Ciphers=+NAME, or let the server have a newer one"),
  UNFORESEEN(Phase.KEY_EXCHANGE, "%1$s", "read the log and report this"),

  KNOWN_HOSTS_UNREADABLE(
      Phase.HOST_KEY, "a known hosts file cannot be read (%1$s)", Words.CHECK_FILE),
  KEY_UNKNOWN(
      Phase.HOST_KEY,
      "no known hosts file has a key of this server, which shows %1$s (looked in %2$s)",
      "compare the fingerprint with the server's own (ssh-keygen -l -f"
          + " /etc/ssh/ssh_host_..._key.pub), then add its key, as ssh-keyscan -p %3$s %4$s prints"
          + " it"),
  KEY_CHANGED(
      Phase.HOST_KEY,
      "the server's key has changed: it shows %1$s, but %2$s has %3$s; either the server was set"
          + " up anew or somebody is listening in",
      "if it was set up anew, run: ssh-keygen -f '%4$s' -R '%5$s'"),
  KEY_REVOKED(
      Phase.HOST_KEY,
      "the server's key %1$s is revoked by %2$s",
      "give the server a new key, or find out who answers in its place"),
  KEY_NOT_PINNED(
      Phase.HOST_KEY,
      "the server's key %1$s is not the pinned one (%2$s)",
      "find out why the key differs; pin %3$s only if the server's administrator confirms it"),
  KEY_NOT_REMEMBERED(
      Phase.HOST_KEY,
      "the server's new key %1$s cannot be remembered in %2$s (%3$s)",
      Words.CHECK_FILE),
  BAD_CERTIFICATE(
      Phase.HOST_KEY,
      "the host's certificate is not good: %1$s",
      "have the authority sign the host's key anew for this name: ssh-keygen -s CA -I ID -h -n"
          + " %2$s"),

  KEY_REFUSED(
      Phase.AUTHENTICATION,
      Words.REFUSED,
      "add the public key to authorized_keys of %3$s on the server, whose log says why it refused"),
  PASSWORD_REFUSED(Phase.AUTHENTICATION, Words.REFUSED, "check user and password"),
  ONLY_KEYS(Phase.AUTHENTICATION, Words.REFUSED, "give a key file"),
  ONLY_PASSWORDS(Phase.AUTHENTICATION, Words.REFUSED, "give a password"),
  NOTHING_GIVEN(
      Phase.AUTHENTICATION,
      "the server accepts %1$s and no key file and no password is given",
      "give a key file or a password"),
  NO_METHOD(Phase.AUTHENTICATION, Words.REFUSED, "allow publickey or password on the server"),
  LOGIN_CUT(
      Phase.AUTHENTICATION,
      "%1$s and refused %2$s",
      "read the server's log; it says why it refuses %3$s"),
  LOGIN_LOST(
      Phase.AUTHENTICATION,
      "%1$s while we logged in",
      "read the server's log; it says what happened to the connection"),
  LOGIN_OVERDUE(
      Phase.AUTHENTICATION,
      "%1$s to the login",
      "read the server's log; it may wait for a name service, or for somebody to confirm"),

  AGENT_MISSING(Phase.AUTHENTICATION, "there is no ssh-agent at %1$s", Words.START_AGENT),
  AGENT_SILENT(
      Phase.AUTHENTICATION, "the ssh-agent at %1$s does not answer (%2$s)", Words.START_AGENT),
  PUBLIC_KEY_GIVEN(
      Phase.AUTHENTICATION, "key file %1$s holds a public key", "give the private key%2$s"),
  KEY_FORBIDDEN(
      Phase.AUTHENTICATION, "key file %1$s cannot be read (%2$s)", "check its permissions"),
  KEY_MISSING(Phase.AUTHENTICATION, "key file %1$s does not exist", "name a key that does%2$s"),
  NO_KEY(Phase.AUTHENTICATION, "key file %1$s is no key", Words.NAME_KEY),
  NOT_A_KEY(
      Phase.AUTHENTICATION,
      "key file %1$s is not a private key in OpenSSH, PEM or PuTTY format",
      Words.NAME_KEY),
  KEY_ENCRYPTED(
      Phase.AUTHENTICATION,
      "key file %1$s is encrypted and no passphrase is given",
      "give the passphrase, or a key without one%2$s"),
  WRONG_PASSPHRASE(
      Phase.AUTHENTICATION,
      "the passphrase does not open key file %1$s",
      "check the passphrase, and that it belongs to this key%2$s"),
  CERTIFICATE_WITHOUT_KEY(
      Phase.AUTHENTICATION,
      "there is no key file for the certificate %1$s, which is for %2$s%3$s",
      "name its private key with IdentityFile, or add key and certificate to the agent"),
  NO_CERTIFICATE(Phase.AUTHENTICATION, "%1$s holds no certificate", Words.NAME_CERTIFICATE),
  CERTIFICATE_UNREADABLE(
      Phase.AUTHENTICATION, "the certificate %1$s cannot be read (%2$s)", Words.NAME_CERTIFICATE),

  NO_COMMAND(
      Phase.SUBSYSTEM,
      "the server does not run the command %1$s",
      "check the command and what the server allows"),
  NO_SUBSYSTEM(
      Phase.SUBSYSTEM,
      "the server has no subsystem %1$s",
      "add 'Subsystem %1$s internal-sftp' to the server's sshd_config and reload sshd"),
  NO_CHANNEL(
      Phase.SUBSYSTEM,
      "the server opens no further channel on this connection (%1$s)",
      "raise MaxSessions in the server's sshd_config, or use fewer channels");

  /** What is said of more than one trouble. */
  private static final class Words {
    static final String CHECK_NAME =
        "check the name; names of containers do not resolve here, publish the port and name the"
            + " host instead";
    static final String CHECK_ADDRESS =
        "check address and port, that an SSH server listens there, and the firewalls in between";
    static final String CHECK_PORT =
        "check that port %1$s is an SSH server's, and read its log: it may limit connections"
            + " (MaxStartups) or share no algorithms with us";
    static final String CHECK_FILE = "check the file and its permissions";
    static final String REFUSED = "the server accepts %1$s and refused %2$s";
    static final String START_AGENT = "start one there, or leave IdentityAgent out";
    static final String NAME_KEY = "name a private key%2$s";
    static final String NAME_CERTIFICATE =
        "name a file that ssh-keygen -s has made, such as id_ed25519-cert.pub";

    private Words() {}
  }

  private final Phase phase;
  private final String reason;
  private final String remedy;

  SshTrouble(Phase phase, String reason, String remedy) {
    this.phase = phase;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** How far it got. */
  public Phase phase() {
    return phase;
  }

  /** Whether asking again soon would bring the same answer, and perhaps a penalty. */
  public boolean isRefusal() {
    return switch (phase) {
      case HOST_KEY -> true;
      case AUTHENTICATION -> this != LOGIN_LOST && this != LOGIN_OVERDUE && this != AGENT_SILENT;
      case DNS, TCP, KEY_EXCHANGE, SUBSYSTEM -> false;
    };
  }

  /** What is said of one case. */
  public Diagnosis of(String target, Object... details) {
    return Diagnosis.of(phase.words(), target, reason, remedy, details);
  }
}
