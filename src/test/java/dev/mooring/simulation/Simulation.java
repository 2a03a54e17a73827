package dev.mooring.simulation;

import java.util.List;

/**
 * What one seed decides. Whatever steps are left out, the others must still be possible: that makes
 * a failing list shrink.
 *
 * @param <S> a step, which prints itself as one line that a regression test can hold
 */
public interface Simulation<S> {

  /** All steps, the same whenever they are asked for. */
  List<S> steps();

  /**
   * Takes these steps from a fresh beginning.
   *
   * @throws AssertionError when what happened cannot be right
   */
  void run(List<S> steps) throws Exception;

  /** A test that repeats the run of these steps, to be pasted and given a name. */
  String regression(List<S> steps);
}
