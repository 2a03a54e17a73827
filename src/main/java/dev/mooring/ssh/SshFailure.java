package dev.mooring.ssh;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A connection could not be made. The message is one line for the person who has to mend it: phase,
 * target, reason, remedy; without secrets, with text of the server escaped.
 */
public final class SshFailure extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** How far it got. */
  public enum Phase {
    DNS("DNS"),
    TCP("TCP"),
    KEY_EXCHANGE("key exchange"),
    HOST_KEY("host key"),
    AUTHENTICATION("authentication"),
    SUBSYSTEM("subsystem");

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
   * @param target what was to be reached, as {@link SshTarget#toString} has it
   * @param reason what happened, without a full stop
   * @param remedy what to do about it, an imperative sentence without a full stop
   */
  public SshFailure(
      Phase phase, String target, String reason, String remedy, @Nullable Throwable cause) {
    super(phase.words() + " failed for " + target + ": " + reason + "; " + remedy, cause);
    this.phase = phase;
  }

  /** How far it got. */
  public Phase phase() {
    return phase;
  }
}
