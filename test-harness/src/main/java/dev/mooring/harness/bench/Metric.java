package dev.mooring.harness.bench;

/**
 * What a number of the results means.
 *
 * @param gate whether falling behind C sshfs counts, with the binding that is the default
 */
record Metric(Group group, String name, String unit, Better better, boolean gate) {

  /** What stands in one chart. */
  enum Group {
    STREAMS("Streams"),
    SMALL_FILES("Small files"),
    TREES("Trees"),
    PROGRAMS("Programs"),
    COSTS("Processor and memory"),
    DOCKER("Docker");

    final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /** Which way is better. */
  enum Better {
    HIGHER,
    LOWER
  }

  /** One that counts what is done in a second. */
  static Metric rate(Group group, String name, String unit) {
    return new Metric(group, name, unit, Better.HIGHER, true);
  }

  /** One that says how long something takes. */
  static Metric seconds(Group group, String name) {
    return new Metric(group, name, "s", Better.LOWER, true);
  }

  /** What a run of this costs the client in CPU time. */
  Metric cpu() {
    return new Metric(Group.COSTS, name + ", client CPU", "s/GiB", Better.LOWER, gate);
  }
}
