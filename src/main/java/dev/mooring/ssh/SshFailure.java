package dev.mooring.ssh;

import java.io.IOException;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection could not be made. The message is the line of its {@link Diagnosis}. */
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

  private final SshTrouble trouble;
  private final transient List<PassedPhase> passed;

  /**
   * What failed, with the details that its text has room for.
   *
   * @param target what was to be reached, as {@link SshTarget#toString} has it
   */
  public SshFailure(
      SshTrouble trouble, String target, @Nullable Throwable cause, Object... details) {
    super(trouble.of(target, details).line(), cause);
    this.trouble = trouble;
    this.passed = List.of();
  }

  private SshFailure(SshFailure failure, List<PassedPhase> passed) {
    super(failure.getMessage(), failure);
    this.trouble = failure.trouble;
    this.passed = List.copyOf(passed);
  }

  /** The same after phases that went well. */
  public SshFailure after(List<PassedPhase> phases) {
    return new SshFailure(this, phases);
  }

  /** What went well before. */
  public List<PassedPhase> passed() {
    return passed;
  }

  /** Whether asking again soon would bring the same answer, and perhaps a penalty. */
  public boolean isRefusal() {
    return trouble.isRefusal();
  }

  /** What failed. */
  public SshTrouble trouble() {
    return trouble;
  }

  /** How far it got. */
  public Phase phase() {
    return trouble.phase();
  }
}
