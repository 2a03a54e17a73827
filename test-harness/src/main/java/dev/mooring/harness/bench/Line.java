package dev.mooring.harness.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One line of results.
 *
 * @param group what stands in one chart
 * @param ratio above 1 is in our favour; null where there is no peer
 * @param ratioLow the least favourable round, each paired with its neighbour in time
 */
record Line(
    String group,
    String workload,
    @JsonProperty("rtt_ms") int rttMillis,
    String binding,
    String unit,
    String better,
    double mooring,
    @Nullable Double sshfs,
    @JsonProperty("sshfs_options") String sshfsOptions,
    int n,
    @Nullable Double ratio,
    @JsonProperty("ratio_low") @Nullable Double ratioLow,
    @JsonProperty("ratio_high") @Nullable Double ratioHigh,
    boolean gate) {

  /** The line of rounds in which both were measured one after the other. */
  static Line of(
      Metric metric,
      int rttMillis,
      String binding,
      String sshfsOptions,
      List<Double> ours,
      List<Double> theirs) {
    boolean higher = metric.better() == Metric.Better.HIGHER;
    List<Double> ratios =
        IntStream.range(0, ours.size())
            .mapToObj(i -> higher ? ours.get(i) / theirs.get(i) : theirs.get(i) / ours.get(i))
            .toList();
    return new Line(
        metric.group().title,
        metric.name(),
        rttMillis,
        binding,
        metric.unit(),
        metric.better().name().toLowerCase(Locale.ROOT),
        rounded(median(ours)),
        rounded(median(theirs)),
        sshfsOptions,
        ours.size(),
        rounded(median(ratios)),
        rounded(Collections.min(ratios)),
        rounded(Collections.max(ratios)),
        metric.gate() && binding.equals("kernel"));
  }

  /**
   * The line of rounds beside a figure that was published. There is no ratio: it was measured on
   * another day, and some of these rounds are differences.
   */
  static Line published(Metric metric, String peer, List<Double> ours, @Nullable Double theirs) {
    return new Line(
        metric.group().title,
        metric.name(),
        0,
        "kernel",
        metric.unit(),
        metric.better().name().toLowerCase(Locale.ROOT),
        rounded(median(ours)),
        theirs,
        peer,
        ours.size(),
        null,
        null,
        null,
        false);
  }

  /** The middle value. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** The lines as a table for people. */
  static String table(List<Line> lines) {
    StringBuilder table = new StringBuilder();
    String row = "%-34s %4s %-7s %10s %10s %-6s %6s  %s%n";
    table.append(
        row.formatted(
            "workload", "rtt", "binding", "mooring", "sshfs", "unit", "ratio", "(low-high)"));
    for (Line line : lines) {
      table.append(
          row.formatted(
              line.workload + (line.gate ? " *" : ""),
              line.rttMillis,
              line.binding,
              "%.2f".formatted(line.mooring),
              line.sshfs == null ? "-" : "%.2f".formatted(line.sshfs),
              line.unit,
              line.ratio == null ? "-" : "%.2f".formatted(line.ratio),
              line.ratio == null ? "" : "(%.2f-%.2f)".formatted(line.ratioLow, line.ratioHigh)));
    }
    return table + "* a gate: falling behind counts\n";
  }
}
