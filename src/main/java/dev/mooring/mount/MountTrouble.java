package dev.mooring.mount;

import dev.mooring.mount.MountFailure.Phase;
import dev.mooring.ssh.Diagnosis;

/**
 * All that a mount can fail with once the server is reached, or before it is looked for, in the
 * words in which people read it. What can happen in between is {@link dev.mooring.ssh.SshTrouble};
 * docs/TROUBLESHOOTING.md has an entry for each.
 *
 * <p>In the texts stand the details of the one case, by their number.
 */
public enum MountTrouble {
  NOT_UNDERSTOOD(
      Phase.OPTIONS,
      "%1$s",
      "mend that, or remove the volume and create it anew: the files on the server stay"),
  NO_BINDING(
      Phase.OPTIONS, "the binding %1$s is not part of this program", "leave the option fuse out"),

  OVERDUE(
      Phase.TCP, "it is still %1$s after %2$s s", "check that the server answers, then try again"),

  NO_SFTP(
      Phase.SUBSYSTEM, "%1$s", "see whether the server's sftp subsystem works and what it logs"),
  ODD_ANSWER(Phase.SUBSYSTEM, "%1$s", "see what the server logs"),
  LOGIN_UNKNOWN(
      Phase.SUBSYSTEM,
      "idmap=user: the owner of the login directory is not known: %1$s",
      "give uid and gid instead of idmap=user"),

  MISSING(Phase.REMOTE_PATH, "there is no %1$s", Words.NAME_IT),
  NOT_A_DIRECTORY(Phase.REMOTE_PATH, "%1$s is not a directory", Words.NAME_IT),
  LINK_TO_NOWHERE(Phase.REMOTE_PATH, "%1$s is a symbolic link that leads nowhere", Words.NAME_IT),
  NOT_MADE(Phase.REMOTE_PATH, Words.NOT_MADE, Words.MAKE_IT),

  MAY_NOT_MAKE(Phase.PERMISSIONS, Words.NOT_MADE, Words.MAKE_IT),
  MAY_NOT_GIVE(
      Phase.PERMISSIONS,
      "the server does not give %1$s its mode and owner (%2$s)",
      "log in as root for that, or leave create_dir_owner out"),
  MAY_NOT_SEE(Phase.PERMISSIONS, "the server does not let this user see %1$s", Words.LET_IN),
  MAY_NOT_LIST(Phase.PERMISSIONS, "the server does not let this user list %1$s", Words.LET_IN),

  NO_DEVICE(
      Phase.FUSE,
      "/dev/fuse does not open (%1$s)",
      "load the module fuse (modprobe fuse), and give this process the device and root's rights"),
  NOT_SHARED(
      Phase.FUSE,
      "%1$s does not propagate mounts to the host, containers would get an empty directory",
      "install the plugin with its own config.json (propagatedmount)"),
  NO_NETWORK(
      Phase.FUSE,
      "there is no network but loopback",
      "install the plugin with its own config.json (network host)"),
  NOT_MOUNTED(Phase.FUSE, "%1$s", "mend that and mount again"),
  UNFORESEEN(Phase.FUSE, "%1$s", "look into the plugin's log"),
  UNMOUNTED(
      Phase.FUSE, "it was unmounted while containers used it", "restart those that still run"),
  ENDED(Phase.FUSE, "the mount ended by itself", "restart the containers that use it");

  /** What is said of more than one trouble. */
  private static final class Words {
    static final String NAME_IT = "name the directory as it is on the server";
    static final String NOT_MADE = "the server does not make %1$s (%2$s)";
    static final String MAKE_IT =
        "let the user write in the directory above it, or make it on the server";
    static final String LET_IN =
        "let the user into every directory on the way, or log in as another";

    private Words() {}
  }

  private final Phase phase;
  private final String reason;
  private final String remedy;

  MountTrouble(Phase phase, String reason, String remedy) {
    this.phase = phase;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** How far it got. */
  public Phase phase() {
    return phase;
  }

  /** What is said of one case. */
  public Diagnosis of(String target, Object... details) {
    return Diagnosis.of(phase.words(), target, reason, remedy, details);
  }
}
