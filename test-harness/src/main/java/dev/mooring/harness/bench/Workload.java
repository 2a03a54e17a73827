package dev.mooring.harness.bench;

import java.io.IOException;

/**
 * Something that is done on a mount and measured; every run in {@link Places} of its own, so that
 * nothing is answered from a cache by accident.
 */
interface Workload {
  /** What {@link #run} answers. */
  Metric metric();

  /** How much data one run moves, for the line of CPU time; 0 for none. */
  default double gibibytes() {
    return 0;
  }

  /** Makes what one run needs: on the server's side, not measured. */
  default void prepare(Places places) throws IOException {}

  /** Does it through the mount and answers the measured value. */
  double run(Places places) throws IOException;

  /** Throws when the server does not have what {@link #run} was to leave. */
  default void verify(Places places) throws IOException {}
}
