package dev.mooring.harness.swarm;

import dev.mooring.harness.Patience;
import java.nio.file.Path;
import java.time.Duration;

/** OpenSSH on a node: an account for files on one port, and what can become of such a server. */
public final class FileServer {
  /** Where it listens. */
  public static final int PORT = 2222;

  /** Its account, which may do nothing but SFTP. */
  public static final String USER = "filer";

  private static final Path SSHD = Path.of("/etc/ssh/mooring");
  private static final Path HOME = Path.of("/srv/filer");

  private final Node node;

  /** Makes the account, its key and the server's, and starts it. */
  FileServer(Node node) {
    this.node = node;
    node.sh(
        """
        set -e
        useradd --password '*' --create-home --home-dir %1$s --shell /bin/sh %2$s
        mkdir -p %3$s
        ssh-keygen -q -t ed25519 -N '' -f %3$s/host_key
        cat >%3$s/sshd_config <<END
        Port %4$d
        ListenAddress %5$s
        HostKey %3$s/host_key
        PidFile /run/filer.pid
        AuthorizedKeysFile %3$s/authorized_keys
        AllowUsers %2$s
        UsePAM no
        StrictModes no
        MaxStartups 100
        Subsystem sftp internal-sftp
        ForceCommand internal-sftp
        END
        """
            .formatted(HOME, USER, SSHD, PORT, node.address()));
    start();
  }

  /** Lets in who has the private half of a key. */
  void authorize(String publicKey) {
    node.sh("echo '" + publicKey + "' >>" + SSHD + "/authorized_keys");
  }

  /** The fingerprint of its host key. */
  public String fingerprint() {
    return node.sh("ssh-keygen -l -f " + SSHD + "/host_key.pub | cut -d' ' -f2");
  }

  /** Makes a directory that belongs to the account; answers its path on the server. */
  public Path mkdir(String name) {
    Path path = HOME.resolve(name);
    node.command("install", "-d", "-o", USER, "-g", USER, path.toString()).run().orThrow();
    return path;
  }

  /** What {@code sshcmd} names a directory of this server. */
  public String source(Path directory) {
    return USER + "@" + node.address() + ":" + directory;
  }

  /** The same file as the test sees it. */
  public Path seenFromOutside(Path file) {
    return node.directory().resolve("files").resolve(Path.of("/").relativize(file));
  }

  /** Starts it, after {@link #stop} or when its node has been switched on again. */
  public void start() {
    node.command("/usr/sbin/sshd", "-f", SSHD + "/sshd_config", "-E", "/var/log/filer.log")
        .run()
        .orThrow();
    Patience.until("the file server listens", Duration.ofSeconds(10), this::listens);
  }

  private boolean listens() {
    return node.sh("ss -Htln 'sport = :%d'".formatted(PORT)).contains(":" + PORT);
  }

  /** Ends the listener; sessions go on. */
  public void stop() {
    node.sh("kill $(cat /run/filer.pid)");
  }

  /** Kills every session, as a server does that is restarted; the listener goes on. */
  public void killSessions() {
    node.sh("pkill -9 -f '^sshd: " + USER + "' || test $? = 1");
  }

  /** From now on packets to it are dropped without a word. */
  public void silence() {
    packetFilter("-A");
  }

  /** Ends {@link #silence}. */
  public void answer() {
    packetFilter("-D");
  }

  private void packetFilter(String change) {
    node.sh("iptables " + change + " INPUT -p tcp --dport " + PORT + " -j DROP");
  }
}
