package dev.mooring.mount;

import dev.mooring.ssh.Diagnosis;
import dev.mooring.ssh.SshFailure;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A mount could not be made. The message is the line of its {@link Diagnosis}, and the same
 * wherever it is shown: in Docker's answer, in the status and in the log.
 */
public final class MountFailure extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** How far it got, in the order in which a mount goes through them. */
  public enum Phase {
    /** What was asked for makes no sense, or is not allowed. */
    OPTIONS("options", 10),
    /** The name of the server. */
    DNS(SshFailure.Phase.DNS, 11),
    /** The way to it. */
    TCP(SshFailure.Phase.TCP, 12),
    /** What speaks there, and whether there are algorithms in common. */
    KEY_EXCHANGE(SshFailure.Phase.KEY_EXCHANGE, 13),
    /** Whether it is the server that it should be. */
    HOST_KEY(SshFailure.Phase.HOST_KEY, 14),
    /** Whether it lets us in. */
    AUTHENTICATION(SshFailure.Phase.AUTHENTICATION, 15),
    /** Whether it serves SFTP. */
    SUBSYSTEM(SshFailure.Phase.SUBSYSTEM, 16),
    /** The directory on it. */
    REMOTE_PATH("remote path", 17),
    /** Whether this user may use the directory. */
    PERMISSIONS("permissions", 18),
    /** The kernel, or its library. */
    FUSE("FUSE", 19);

    private final String words;
    private final int exitStatus;

    Phase(String words, int exitStatus) {
      this.words = words;
      this.exitStatus = exitStatus;
    }

    Phase(SshFailure.Phase phase, int exitStatus) {
      this(phase.words(), exitStatus);
    }

    /** As a message names it. */
    public String words() {
      return words;
    }

    /** The exit status of a program that ends in it. */
    public int exitStatus() {
      return exitStatus;
    }

    /** The same phase of a connection. */
    public static Phase of(SshFailure.Phase phase) {
      return switch (phase) {
        case DNS -> DNS;
        case TCP -> TCP;
        case KEY_EXCHANGE -> KEY_EXCHANGE;
        case HOST_KEY -> HOST_KEY;
        case AUTHENTICATION -> AUTHENTICATION;
        case SUBSYSTEM -> SUBSYSTEM;
      };
    }
  }

  private final Phase phase;

  /** Of a phase that failed; the rest is as in {@link Diagnosis}. */
  public MountFailure(
      Phase phase, String target, String reason, String remedy, @Nullable Throwable cause) {
    super(new Diagnosis(phase.words(), target, reason, remedy).line(), cause);
    this.phase = phase;
  }

  /** The connection could not be made; says what the SSH failure says. */
  public MountFailure(SshFailure cause) {
    super(cause.getMessage(), cause);
    this.phase = Phase.of(cause.phase());
  }

  /** How far it got. */
  public Phase phase() {
    return phase;
  }
}
