package dev.mooring.ssh;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a failure tells the person who has to mend it, in one line below 1 kB. What comes from a
 * server, a file name or an option is escaped here, so that no text can break the line.
 *
 * @param phase how far it got, in words
 * @param target what was to be reached
 * @param reason what happened, without a full stop
 * @param remedy what to do about it, an imperative sentence without a full stop
 */
public record Diagnosis(String phase, String target, String reason, String remedy) {
  private static final int MAX_BYTES = 1000;
  private static final int MAX_TARGET = 120;
  private static final int MAX_REMEDY = 480;

  /**
   * That of one case.
   *
   * @param details what stands for {@code %1$s} and so on in the reason and in the remedy
   */
  public static Diagnosis of(
      String phase, String target, String reason, String remedy, Object[] details) {
    return new Diagnosis(
        phase,
        target,
        String.format(Locale.ROOT, reason, details),
        String.format(Locale.ROOT, remedy, details));
  }

  /** The line. Where it would be too long, the reason is cut. */
  public String line() {
    String beginning = phase + " failed for " + ServerText.escape(target, MAX_TARGET) + ": ";
    String end = "; " + ServerText.escape(remedy, MAX_REMEDY);
    return beginning + ServerText.escape(reason, MAX_BYTES - bytes(beginning + end)) + end;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
