package dev.mooring.differential;

import static dev.mooring.differential.Duel.read;
import static dev.mooring.differential.Duel.within;

import dev.mooring.contract.Posix.Flag;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What another client of the server does, and when it is seen. */
final class CoherenceDuels {
  /** A bound of ours, and what a loaded machine may take on top; well below twenty seconds. */
  private static final Duration A_SECOND = Duration.ofSeconds(1 + 3);

  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5 + 3);

  static final List<Duel> ALL =
      List.of(
          new Duel("coherence.attributes", Setting.ALONE, CoherenceDuels::chmod, "true", "false"),
          new Duel("coherence.tail", Setting.ALONE, CoherenceDuels::append, "one, two", "one"));

  private CoherenceDuels() {}

  private static Object chmod(Rival on, String in) throws Exception {
    Duel.prepare(on, in + "/file", "");
    on.posix().lstat(in + "/file");
    on.behind().chmod(in + "/file", 0600);
    return within(FIVE_SECONDS, () -> on.posix().lstat(in + "/file").permissions() == 0600);
  }

  private static Object append(Rival on, String in) throws Exception {
    Duel.prepare(on, in + "/log", "one");
    int file = on.posix().open(in + "/log", 0, Flag.READ);
    try {
      read(on.posix(), file);
      int log = on.behind().open(in + "/log", 0, Flag.WRITE, Flag.APPEND);
      on.behind().pwrite(log, ", two".getBytes(StandardCharsets.US_ASCII), 0);
      on.behind().close(log);
      // As tail(1): what the size says to be new is read.
      within(A_SECOND, () -> on.posix().fstat(file).size() > 3);
      return read(on.posix(), file);
    } finally {
      on.posix().close(file);
    }
  }
}
