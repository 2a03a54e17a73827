package dev.mooring.differential;

import java.util.List;

/** What serves two mounts, and with which options they are made. */
enum Setting {
  /** As everybody has it. */
  DEFAULT(""),
  /** The same, where nobody makes sshfs forget, and no child of ours closes files in its exec. */
  ALONE(""),
  /** What is made there loses all permissions of others. */
  STRICT_UMASK("umask 077; exec $SFTP"),
  READ_ONLY("exec $SFTP -R"),
  /** Replaces nothing when it renames. */
  PLAIN_RENAME("exec $SFTP -P posix-rename"),
  FEW_FILES("exec prlimit --nofile=40 $SFTP"),
  /** The login is not root. */
  ORDINARY_LOGIN("exec setpriv --reuid 1000 --regid 1000 --clear-groups $SFTP"),
  /** Can be killed, see {@link Rival#kill}. */
  MORTAL("echo $$ >>$NOTES; exec $SFTP", "timeout=1", "reconnect"),
  /** Others may use the mount. */
  FOR_OTHERS("", "allow_other,create_owner=caller", "allow_other"),
  SMALL_READS("exec $QUIRKS small-reads $NOTES"),
  FAILING_CLOSE("exec $QUIRKS failing-close $NOTES"),
  FAILING_MKDIR("exec $QUIRKS failing-mkdir $NOTES"),
  /** Somebody makes a name at the moment when we do. */
  OTHERS_FIRST("exec $QUIRKS others-first $NOTES"),
  /** Somebody makes a FIFO of that name at the moment when we make a file. */
  FIFO_FIRST("exec $QUIRKS fifo-first $NOTES"),
  /** Notes down what reads and writes. */
  NOTING("exec $QUIRKS noting $NOTES"),
  /** The clock is an hour ahead. */
  AHEAD("exec $QUIRKS ahead $NOTES"),
  CUT_AFTER_MKDIR("exec $QUIRKS cut-after-mkdir $NOTES", "", "reconnect"),
  CUT_AT_WRITE("exec $QUIRKS cut-at-write $NOTES", "", "reconnect");

  private final String server;
  private final String ours;
  private final String theirs;

  Setting(String server) {
    this(server, "", "");
  }

  Setting(String server, String ours, String theirs) {
    this.server = server;
    this.ours = ours;
    this.theirs = theirs;
  }

  /** A line of shell that speaks SFTP in the end; empty for the server's own. */
  String server() {
    return server;
  }

  List<String> ours() {
    return options(ours);
  }

  List<String> theirs() {
    return options(theirs);
  }

  private static List<String> options(String separated) {
    return separated.isEmpty() ? List.of() : List.of(separated.split(",", -1));
  }
}
