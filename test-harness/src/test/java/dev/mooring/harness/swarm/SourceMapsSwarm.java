package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The case that Sentry makes: releases are uploaded on one node, many small files and their source
 * maps, and resolved on another soon after, by processes that have just looked for them in vain.
 */
final class SourceMapsSwarm {
  private static final int FILES = 60;

  /** What the documentation promises for a name that was not there: one second. */
  private static final double BOUND = 1.0;

  /** How exact the times in the notes are, twice. */
  private static final double CLOCK = 0.02;

  private static final String UPLOAD =
      """
      for i in $(seq %d); do
        yes "source $i" | head -c 20000 >/data/app-$i.js
        read now _ </proc/uptime; echo "$now app-$i.js 20000 $(yes "source $i" | head -c 20000 | md5sum)"
        yes "map $i" | head -c 60000 >/data/.app-$i.new
        mv /data/.app-$i.new /data/app-$i.js.map
        read now _ </proc/uptime; echo "$now app-$i.js.map 60000 $(yes "map $i" | head -c 60000 | md5sum)"
      done
      """
          .formatted(FILES);

  /** Notes each try: when it began, the name, and how much of what, or that there was nothing. */
  private static final String RESOLVE =
      """
      names=$(for i in $(seq %d); do echo app-$i.js app-$i.js.map; done)
      read now _ </proc/uptime
      start=$now
      while [ -n "$names" ] && [ $((${now%%.*} - ${start%%.*})) -lt 60 ]; do
        left=
        for name in $names; do
          read now _ </proc/uptime
          found=none
          if [ -e /data/$name ]; then found=$(wc -c </data/$name); fi
          case $found in
            20000|60000) found="$found $(md5sum </data/$name)" ;;
            *) left="$left $name" ;;
          esac
          echo "$now $name $found"
        done
        names=$left
        usleep 50000
      done
      """
          .formatted(FILES);

  private final Site site = Site.get();

  private record Note(double time, String name, String found) {
    static List<Note> all(Command.Outcome outcome) {
      return outcome.orThrow().output().lines().map(Note::parse).toList();
    }

    private static Note parse(String line) {
      String[] words = line.split(" ", 3);
      return new Note(Double.parseDouble(words[0]), words[1], words[2]);
    }
  }

  @Test
  void whatIsUploadedOnOneNodeIsSeenWholeOnAnother() {
    Path directory = site.remoteDirectory();
    try (Stack stack = new Stack(site, Stack.EVERYWHERE).on(directory)) {
      stack.deploy().awaitRunning("every", 3);
      CompletableFuture<Command.Outcome> resolving =
          CompletableFuture.supplyAsync(() -> stack.exec(site.cluster().node(3), "every", RESOLVE));
      List<Note> uploads = Note.all(stack.exec(site.cluster().node(1), "every", UPLOAD));
      List<Note> tries = Note.all(resolving.join());

      List<Try> paired = tries.stream().map(tried -> Try.of(tried, uploads)).toList();
      assertThat(paired).filteredOn(Try::foundNothing).isNotEmpty();
      assertThat(paired).filteredOn(tried -> tried.delay() > BOUND + CLOCK).allMatch(Try::foundAll);
      assertThat(paired)
          .filteredOn(tried -> tried.made.name.endsWith(".map") && !tried.foundNothing())
          .hasSize(FILES)
          .allMatch(Try::foundAll);
      assertThat(paired).filteredOn(Try::foundAll).hasSize(2 * FILES);
      printVisibility(paired);
      printRequests(stack);
    }
  }

  /** Looking for a file, and how it was made. */
  private record Try(Note looked, Note made) {
    static Try of(Note looked, List<Note> uploads) {
      Predicate<Note> same = upload -> upload.name.equals(looked.name);
      return new Try(looked, uploads.stream().filter(same).findFirst().orElseThrow());
    }

    double delay() {
      return looked.time - made.time;
    }

    boolean foundNothing() {
      return looked.found.startsWith("none");
    }

    boolean foundAll() {
      return looked.found.equals(made.found);
    }
  }

  private static void printVisibility(List<Try> tries) {
    List<Double> delays = tries.stream().filter(Try::foundAll).map(Try::delay).sorted().toList();
    Site.figure(
        "a file of one node is seen by another that has just looked for it",
        String.format(
            Locale.ROOT,
            "after %.2f s (median), %.2f s (longest of %d)",
            delays.get(delays.size() / 2),
            delays.getLast(),
            delays.size()));
  }

  /** Packets with data that a node's plugin sends; one that reads a file sends two or three. */
  private void printRequests(Stack stack) {
    Node node = site.cluster().node(2);
    stack.exec(node, "every", "ls /data >/dev/null").orThrow();
    long before = packets(node);
    long start = System.nanoTime();
    stack.exec(node, "every", "cat /data/*.map | md5sum").orThrow();
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    Site.figure(
        "reading " + FILES + " source maps for the first time on a node",
        String.format(
            Locale.ROOT,
            "%.1f packets sent a file, %.1f ms a file",
            (packets(node) - before) / (double) FILES,
            time.toMillis() / (double) FILES));
  }

  private static long packets(Node node) {
    return node.sh("ss -Htin 'dport = :%d'".formatted(FileServer.PORT))
        .replaceAll("(?s)data_segs_out:(\\d+)", "\n=$1\n")
        .lines()
        .filter(line -> line.startsWith("="))
        .mapToLong(line -> Long.parseLong(line.substring(1)))
        .sum();
  }
}
