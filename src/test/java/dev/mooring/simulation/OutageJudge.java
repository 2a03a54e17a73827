package dev.mooring.simulation;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.simulation.OutageStep.Severity;
import dev.mooring.simulation.PossibleNames.File;
import dev.mooring.simulation.PossibleNames.Thing;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Says which errors and delays may be seen, from what went wrong in a stage until now. */
final class OutageJudge {
  /** After this long nothing that went wrong can show in a call that names a path. */
  static final Duration AFTERMATH = Duration.ofSeconds(130);

  /** For how long a call may go on after its deadline: some of it is answered in memory only. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  final OutageStage stage;
  final Severity severity;
  final PossibleNames names = new PossibleNames();
  private boolean overdue;

  /** A call with a result. */
  @FunctionalInterface
  interface Call<T extends @Nullable Object> {
    T run() throws ErrnoException;
  }

  /** A call without one. */
  @FunctionalInterface
  interface Change {
    void run() throws ErrnoException;
  }

  OutageJudge(OutageStage stage, Severity severity) {
    this.stage = stage;
    this.severity = severity;
  }

  /** Makes a call that may take as long as a caller waits. */
  <T extends @Nullable Object> T timed(Call<T> call) throws ErrnoException {
    return timed(OutageStage.TIMEOUT, call);
  }

  /** Makes a call; one that takes longer than it may is remembered. */
  <T extends @Nullable Object> T timed(Duration most, Call<T> call) throws ErrnoException {
    long latest = stage.pace.nanoTime() + most.plus(SLACK).toNanos();
    try {
      return call.run();
    } finally {
      overdue |= stage.pace.nanoTime() > latest;
    }
  }

  /** The same without a result. */
  void timedChange(Change change) throws ErrnoException {
    timed(() -> {
      change.run();
      return true;
    });
  }

  /** No call took longer than it may. */
  void nothingIsOverdue() {
    if (overdue) {
      throw new AssertionError("a call took longer than it may");
    }
  }

  /** Whether the server may have refused or forgotten something for no reason. */
  boolean isMischief() {
    return severity == Severity.MISCHIEF && stage.wasHurt(AFTERMATH);
  }

  /** Programs see no error of cuts that are shorter than the timeout. */
  void mustBeExcused(ErrnoException e) {
    // What was looked up before an outage says too little of what is found after it.
    boolean excused =
        severity == Severity.CUTS
            ? e.errno() == Errno.EIO && stage.wasDown(Duration.ofSeconds(40))
            : stage.wasHurt(AFTERMATH);
    if (!excused) {
      throw new AssertionError("an error that nothing excuses: " + e.getMessage(), e);
    }
  }

  /** The same of an open file: only one that was hurt may have lost something. */
  void mustBeExcused(int file, boolean hurt, ErrnoException e) {
    boolean named = names.always(world -> world.containsValue(new File(file)));
    boolean excused = hurt && (severity != Severity.CUTS || !named);
    if (!excused) {
      throw new AssertionError("an error that nothing excuses: " + e.getMessage(), e);
    }
  }

  /**
   * A change failed: nobody knows whether it was made, or there was a reason to refuse it.
   *
   * @return whether nobody knows
   */
  boolean leavesUnknown(
      ErrnoException e,
      Predicate<Map<String, Thing>> possible,
      UnaryOperator<Map<String, Thing>> change) {
    if (OutageSimulation.isOfTheNetwork(e.errno()) || isMischief()) {
      mustBeExcused(e);
      names.unknown(possible, change);
      return true;
    }
    if (!names.refused(possible.negate())) {
      throw new AssertionError(e.errno() + ", though there was no reason", e);
    }
    return false;
  }
}
