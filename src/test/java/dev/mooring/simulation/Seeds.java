package dev.mooring.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * Goes through seeds. The properties {@code sim.seeds} and {@code sim.seed} say how many and from
 * which one on.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * Runs the simulation of every seed and prints how many went by in a second. The first that fails
   * is shrunk and reported with its seed and with the test that repeats it.
   *
   * @param usual how many seeds where the property does not say otherwise
   */
  public static <S> void run(String name, int usual, LongFunction<? extends Simulation<S>> ofSeed)
      throws Exception {
    int count = Integer.getInteger("sim.seeds", usual);
    long first = Long.getLong("sim.seed", 1);
    long began = System.nanoTime();
    long steps = 0;
    for (long seed = first; seed < first + count; seed++) {
      Simulation<S> simulation = ofSeed.apply(seed);
      steps += simulation.steps().size();
      try {
        simulation.run(simulation.steps());
      } catch (Exception | AssertionError e) {
        throw report(name, seed, simulation, e);
      }
    }
    double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
    System.out.printf(
        Locale.ROOT,
        "simulation %s: %d seeds from %d on, %d steps in %.1f s, %.0f seeds/s%n",
        name,
        count,
        first,
        steps,
        seconds,
        count / seconds);
  }

  private static <S> AssertionError report(
      String name, long seed, Simulation<S> simulation, Throwable original) {
    Shrinker<S> shrinker = new Shrinker<>(simulation);
    List<S> steps = shrinker.shrink(simulation.steps());
    Throwable shrunk = new Shrinker<>(simulation).failure(steps);
    Throwable cause = shrunk == null ? original : shrunk;
    return new AssertionError(
        ("simulation %s fails with seed %d (of %d steps, %d are needed):"
                + " make sim SEED=%d SEEDS=1%n%s%n%n%s")
            .formatted(
                name,
                seed,
                simulation.steps().size(),
                steps.size(),
                seed,
                cause,
                simulation.regression(steps)),
        cause);
  }
}
