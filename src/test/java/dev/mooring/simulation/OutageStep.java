package dev.mooring.simulation;

import dev.mooring.testing.Fault;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call, and what goes wrong with one of the requests from then on.
 *
 * @param slot which open file
 * @param name which name
 * @param other another name
 * @param at an offset, a size, or milliseconds
 * @param length of bytes to read or write
 * @param fault null for none
 * @param nth which request from the beginning of the call meets with it, counted from 0
 */
record OutageStep(
    Verb verb,
    int slot,
    String name,
    String other,
    int at,
    int length,
    @Nullable Fault fault,
    int nth) {

  /** What is called. */
  enum Verb {
    CREATE,
    CREATE_EXCLUSIVE,
    OPEN,
    OPEN_APPENDING,
    WRITE,
    READ,
    FSYNC,
    CLOSE,
    TRUNCATE,
    UNLINK,
    RENAME,
    MKDIR,
    RMDIR,
    SYMLINK,
    LIST,
    STAT,
    SLEEP,
    /** Nobody answers for a while. */
    OUTAGE
  }

  /** What may go wrong in a run. */
  enum Severity {
    /** Nothing that a program has to notice. */
    CUTS,
    /** Stalls and long outages, too. */
    OUTAGES,
    /** A server that refuses and forgets at random, too. */
    MISCHIEF
  }

  private static final List<Verb> VERBS = List.of(Verb.values());
  private static final List<String> NAMES = List.of("a", "b", "c", "d");
  private static final List<Verb> FREQUENT =
      List.of(Verb.WRITE, Verb.WRITE, Verb.WRITE, Verb.READ, Verb.FSYNC, Verb.CREATE, Verb.OPEN);
  private static final int LONGEST = 40_000;

  static OutageStep drawn(SplittableRandom random, Severity severity) {
    Verb verb =
        random.nextInt(3) == 0
            ? FREQUENT.get(random.nextInt(FREQUENT.size()))
            : VERBS.get(random.nextInt(VERBS.size()));
    int at =
        switch (verb) {
          case SLEEP -> random.nextInt(3000);
          case OUTAGE -> random.nextInt(severity == Severity.CUTS ? 15_000 : 120_000);
          default -> random.nextInt(LONGEST);
        };
    return new OutageStep(
        verb,
        random.nextInt(3),
        NAMES.get(random.nextInt(NAMES.size())),
        NAMES.get(random.nextInt(NAMES.size())),
        at,
        1 + random.nextInt(random.nextInt(4) == 0 ? LONGEST : 500),
        random.nextInt(3) == 0 ? fault(random, severity) : null,
        random.nextInt(4));
  }

  private static Fault fault(SplittableRandom random, Severity severity) {
    return switch (random.nextInt(
        severity == Severity.CUTS ? 7 : severity == Severity.OUTAGES ? 8 : 11)) {
      case 0 -> new Fault.Delayed(1 + random.nextInt(4));
      case 1 -> new Fault.Fragmented(1 + random.nextInt(20));
      case 2 -> new Fault.CutBefore();
      case 3 -> new Fault.CutAfter();
      case 4 -> new Fault.Truncated(random.nextInt(30));
      case 5 -> new Fault.Oversized();
      case 6 -> new Fault.Foreign();
      case 7 -> new Fault.Stalled();
      case 8 -> new Fault.LostHandles();
      default -> new Fault.Refused(1 + random.nextInt(8));
    };
  }
}
