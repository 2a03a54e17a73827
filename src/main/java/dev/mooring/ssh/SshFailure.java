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

  private final Phase phase;
  private final boolean refusal;
  private final transient List<PassedPhase> passed;

  /**
   * Of a phase that failed; the rest is as in {@link Diagnosis}. With host key and authentication,
   * because we were refused.
   *
   * @param target what was to be reached, as {@link SshTarget#toString} has it
   */
  public SshFailure(
      Phase phase, String target, String reason, String remedy, @Nullable Throwable cause) {
    this(
        phase,
        target,
        reason,
        remedy,
        cause,
        phase == Phase.HOST_KEY || phase == Phase.AUTHENTICATION);
  }

  /** The same, saying whether it failed because we were refused. */
  public SshFailure(
      Phase phase,
      String target,
      String reason,
      String remedy,
      @Nullable Throwable cause,
      boolean refusal) {
    super(new Diagnosis(phase.words(), target, reason, remedy).line(), cause);
    this.phase = phase;
    this.refusal = refusal;
    this.passed = List.of();
  }

  private SshFailure(SshFailure failure, List<PassedPhase> passed) {
    super(failure.getMessage(), failure);
    this.phase = failure.phase;
    this.refusal = failure.refusal;
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
    return refusal;
  }

  /** How far it got. */
  public Phase phase() {
    return phase;
  }
}
