package dev.mooring.mount;

import dev.mooring.ssh.Diagnosis;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A mount could not be made. The message is the line of its {@link Diagnosis}, and the same
 * wherever it is shown: in Docker's answer, in the status and in the log.
 */
public abstract sealed class MountFailure extends IOException {
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

  private MountFailure(Diagnosis diagnosis, @Nullable Throwable cause) {
    super(diagnosis.line(), cause);
  }

  private MountFailure(SshFailure cause) {
    super(cause.getMessage(), cause);
  }

  /** How far it got. */
  public abstract Phase phase();

  /** The server was not reached, or did not let us in; says what the SSH failure says. */
  public static final class Connecting extends MountFailure {
    @Serial private static final long serialVersionUID = 1L;

    private final SshTrouble trouble;

    public Connecting(SshFailure cause) {
      super(cause);
      this.trouble = cause.trouble();
    }

    /** What failed. */
    public SshTrouble trouble() {
      return trouble;
    }

    @Override
    public Phase phase() {
      return Phase.of(trouble.phase());
    }
  }

  /** Anything else: the options, the directory on the server, or this machine. */
  public static final class Mounting extends MountFailure {
    @Serial private static final long serialVersionUID = 1L;

    private final MountTrouble trouble;

    /** What failed, with the details that its text has room for. */
    public Mounting(
        MountTrouble trouble, String target, @Nullable Throwable cause, Object... details) {
      super(trouble.of(target, details), cause);
      this.trouble = trouble;
    }

    /** What failed. */
    public MountTrouble trouble() {
      return trouble;
    }

    @Override
    public Phase phase() {
      return trouble.phase();
    }
  }
}
