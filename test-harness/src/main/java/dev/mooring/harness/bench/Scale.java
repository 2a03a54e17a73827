package dev.mooring.harness.bench;

/**
 * How much a workload does: less over a long way, so that a run ends in reasonable time, and the
 * same for every subject.
 *
 * @param mebibytes how much is streamed
 * @param files how many small files are made, read or removed
 * @param steps how many single steps (random reads, appends, transactions) are done
 */
record Scale(int mebibytes, int files, int steps) {

  /** What is done over a round trip of so many milliseconds. */
  static Scale forRoundTrip(int millis) {
    if (millis == 0) {
      return new Scale(512, 1000, 500);
    }
    return millis < 10 ? new Scale(128, 300, 100) : new Scale(64, 100, 25);
  }
}
