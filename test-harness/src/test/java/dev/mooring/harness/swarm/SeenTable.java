package dev.mooring.harness.swarm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of what a container sees on bad days, as docs/SWARM.md has it. */
final class SeenTable {
  private static final Path FILE = Path.of("../target/swarm/seen.md");
  private static final List<String> HEAD =
      List.of("| what happens | what containers see | with vieux/sshfs |", "|---|---|---|");
  private static final Map<BadDay, String> ROWS = new EnumMap<>(BadDay.class);

  private SeenTable() {}

  /** Adds what the run has shown. */
  static synchronized void add(BadDay day, double recovered, Map<String, String> seen) {
    String cell =
        seen.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; "));
    String ours = String.format(Locale.ROOT, "well after %.1f s; %s", recovered, cell);
    Site.figure(day.what(), ours);
    ROWS.put(day, "| %s | %s | %s |".formatted(day.what(), ours, day.peer()));
    write();
  }

  private static void write() {
    List<String> lines = new ArrayList<>(HEAD);
    lines.addAll(ROWS.values());
    try {
      Files.createDirectories(FILE.getParent());
      Files.write(FILE, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
