package dev.mooring.simulation;

import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.AttributeChange.TimeChange;
import java.util.List;

/** What the number of a step decides. */
final class Operands {
  private static final int FAR = 70_000;

  private static final List<List<Flag>> FLAGS =
      List.of(
          List.of(Flag.READ),
          List.of(Flag.READ, Flag.WRITE),
          List.of(Flag.WRITE, Flag.CREATE),
          List.of(Flag.READ, Flag.WRITE, Flag.CREATE),
          List.of(Flag.WRITE, Flag.CREATE, Flag.APPEND),
          List.of(Flag.READ, Flag.WRITE, Flag.CREATE, Flag.TRUNCATE),
          List.of(Flag.READ, Flag.WRITE, Flag.CREATE, Flag.EXCLUSIVE),
          List.of(Flag.WRITE));

  private static final List<Integer> PERMISSIONS = List.of(0644, 0600, 0755, 0640);

  private Operands() {}

  static List<Flag> flags(Step step) {
    return FLAGS.get(step.number() % FLAGS.size());
  }

  static long offset(Step step) {
    return step.number() % 16 == 15 ? FAR : step.number() % 7 * 5L;
  }

  static long size(Step step) {
    return step.number() % 16 == 15 ? FAR : step.number() % 20;
  }

  static int permissions(Step step) {
    return PERMISSIONS.get(step.number() % PERMISSIONS.size());
  }

  static TimeChange accessed(Step step) {
    return time(step.number(), 1000L + step.number());
  }

  static TimeChange modified(Step step) {
    return time(step.number() >> 1, 2000L + step.number());
  }

  /** Those that are set are long ago, which tells them from the present. */
  private static TimeChange time(int choice, long longAgo) {
    return switch (choice % 4) {
      case 0 -> new TimeChange.Keep();
      case 1 -> new TimeChange.Now();
      default -> new TimeChange.Set(longAgo);
    };
  }
}
