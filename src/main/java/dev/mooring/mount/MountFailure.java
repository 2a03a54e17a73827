package dev.mooring.mount;

import dev.mooring.ssh.SshFailure;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A mount could not be made. The message is one line for the person who has to mend it: phase,
 * target, reason, remedy; without secrets, with text of the server escaped.
 */
public final class MountFailure extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** How far it got. */
  public enum Phase {
    /** What was asked for makes no sense. */
    OPTIONS("options"),
    /** The server was not reached, or did not let us in: the cause is a {@link SshFailure}. */
    CONNECTION("connection"),
    /** The SFTP session did not begin or broke off. */
    SFTP("SFTP"),
    /** There is no such directory on the server. */
    REMOTE_PATH("remote path"),
    /** The directory is there, but not for this user. */
    PERMISSIONS("permissions"),
    /** The kernel or its library did not mount. */
    FUSE("FUSE");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    /** As a message names it. */
    public String words() {
      return words;
    }
  }

  private final Phase phase;

  /**
   * Of a phase that failed.
   *
   * @param target what was to be mounted
   * @param reason what happened, without a full stop
   * @param remedy what to do about it, an imperative sentence without a full stop
   */
  public MountFailure(
      Phase phase, String target, String reason, String remedy, @Nullable Throwable cause) {
    super(phase.words() + " failed for " + target + ": " + reason + "; " + remedy, cause);
    this.phase = phase;
  }

  /** The connection could not be made; says what the SSH failure says. */
  public MountFailure(SshFailure cause) {
    super(cause.getMessage(), cause);
    this.phase = Phase.CONNECTION;
  }

  /** How far it got. */
  public Phase phase() {
    return phase;
  }
}
