package dev.mooring.harness.bench;

import dev.mooring.harness.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as a page of the documentation, with the machine on which they were measured. */
final class Page {
  private static final String HEAD =
      """
      # Measured beside C sshfs

      Written by `make bench`, which measures both in the same run, on the same server, one after the
      other, on a mount that has just dropped its pages. Ratios are what counts: above 1 is in
      Mooring's favour. They are the median of the rounds, each paired with the run of C sshfs next
      to it; in brackets the least and the most favourable round. A workload that takes C sshfs more
      than 20 s is run with it only once. A star marks the lines in which falling behind counts.

      The round trips beyond 0 ms are made by a relay on the same machine. `kernel` and `jnr` are the
      two bindings (`-o fuse=`). All connections use aes128-gcm, but for the lines that say that
      each uses its own default.
      """;

  private Page() {}

  /** Writes the page, and its charts into {@code benchmarks/} beside it. */
  static void write(List<Line> lines, Path page) throws IOException {
    Path charts = Files.createDirectories(page.resolveSibling("benchmarks"));
    Chart.writeAll(lines, charts);
    StringBuilder text = new StringBuilder(HEAD).append('\n').append(machine());
    for (Map.Entry<String, List<Line>> group : Chart.groups(lines).entrySet()) {
      text.append("\n## ").append(group.getKey()).append("\n\n");
      String file = charts.getFileName() + "/" + Chart.fileName(group.getKey());
      text.append("![%s](%s)%n%n".formatted(group.getKey(), file));
      text.append("| workload | round trip | binding | Mooring | C sshfs | unit | ratio |\n");
      text.append("|---|---|---|---|---|---|---|\n");
      group.getValue().forEach(line -> text.append(row(line)));
    }
    Files.writeString(page, text);
  }

  private static String row(Line line) {
    return String.format(
        Locale.ROOT,
        "| %s%s%s | %d ms | %s | %s | %s | %s | **%.2f** (%.2f-%.2f) |%n",
        line.workload(),
        line.sshfsOptions().contains("Ciphers") ? "" : ", default ciphers",
        line.gate() ? " *" : "",
        line.rttMillis(),
        line.binding(),
        figure(line.mooring()),
        line.sshfs() == null ? "-" : figure(line.sshfs()),
        line.unit(),
        line.ratio(),
        line.ratioLow(),
        line.ratioHigh());
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }

  private static String machine() {
    return "Measured on %s: %s, %s cores, %s of memory, Linux %s, %s, %s.\n"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            said("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1"),
            said("nproc"),
            said("free -h | awk '/^Mem/ { print $2 }'"),
            said("uname -r"),
            said("sshfs --version 2>&1 | grep -i '^sshfs'"),
            said("ssh -V 2>&1 | cut -d, -f1"));
  }

  private static String said(String commandLine) {
    return Command.of("sh", "-c", commandLine).run().orThrow().output().strip();
  }
}
