package dev.mooring.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out of a failing list what it fails without: ever smaller pieces, until no single step can
 * go or the runs are used up.
 */
final class Shrinker<S> {
  private static final int MOST_RUNS = 3000;

  private final Simulation<S> simulation;
  private int runs;

  Shrinker(Simulation<S> simulation) {
    this.simulation = simulation;
  }

  /** A list as short as can be found that fails, too; {@code failing} must. */
  List<S> shrink(List<S> failing) {
    List<S> best = failing;
    int piece = best.size() / 2;
    while (piece > 0 && runs < MOST_RUNS) {
      List<S> smaller = withoutPieces(best, piece);
      if (smaller.size() == best.size() || piece > smaller.size()) {
        piece /= 2;
      }
      best = smaller;
    }
    return best;
  }

  private List<S> withoutPieces(List<S> from, int piece) {
    List<S> best = from;
    for (int end = best.size(); end > 0; end -= piece) {
      List<S> candidate = new ArrayList<>(best);
      candidate.subList(Math.max(0, end - piece), end).clear();
      if (failure(candidate) != null) {
        best = candidate;
      }
    }
    return best;
  }

  /** What these steps fail with; null if they do not, or if it may not be tried any more. */
  @org.jspecify.annotations.Nullable
  Throwable failure(List<S> steps) {
    if (++runs > MOST_RUNS) {
      return null;
    }
    try {
      simulation.run(steps);
      return null;
    } catch (Exception | AssertionError e) {
      return e;
    }
  }
}
