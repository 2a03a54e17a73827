package dev.mooring.harness.bench;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Something that is done on a mount and measured.
 *
 * @param metric what {@link Body#run} answers
 * @param gibibytes how much data one run moves, for the CPU line; 0 for none
 */
record Workload(Metric metric, double gibibytes, Body body) {

  /** The work. */
  interface Body {
    /**
     * Makes what one run needs, on the server's side and not measured; {@code run} differs in every
     * run, so that nothing is answered from a cache by accident.
     */
    void prepare(Path served, int run) throws IOException;

    /** Does it through the mount and answers the measured value. */
    double run(Path mounted, int run) throws IOException;

    /** Removes what {@link #prepare} and {@link #run} left, on the server's side. */
    void clean(Path served, int run) throws IOException;
  }
}
