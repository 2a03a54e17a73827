package dev.mooring.harness.bench;

/**
 * What a number of the results means.
 *
 * @param gate whether falling behind C sshfs counts
 */
record Metric(String name, String unit, Better better, boolean gate) {

  /** Which way is better. */
  enum Better {
    HIGHER,
    LOWER
  }
}
