package dev.mooring.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The differences between mounts and tmpfs that are known. What differs otherwise is a new failure,
 * and what is listed but does not differ any more must be taken out of the list.
 */
final class KnownDifferences {
  private final List<Line> lines = new ArrayList<>();

  /** On these mounts these cases have one outcome on tmpfs and another here. */
  private record Line(String text, Pattern mounts, Pattern cases, Pattern right, String ours) {
    boolean isAbout(String mount, String name, String rightOutcome) {
      return mounts.matcher(mount).matches()
          && cases.matcher(name).matches()
          && right.matcher(rightOutcome).matches();
    }
  }

  private KnownDifferences() {}

  /**
   * Reads lines of five columns: mounts, cases, outcome on tmpfs, outcome here, reason. In the
   * first three {@code *} stands for anything.
   */
  static KnownDifferences read() throws IOException {
    KnownDifferences known = new KnownDifferences();
    try (var in = KnownDifferences.class.getResourceAsStream("/conformance/known.txt")) {
      if (in == null) {
        throw new IOException("there is no known.txt");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(known::add);
    }
    return known;
  }

  private void add(String text) {
    String[] columns = text.split(" *\\| *", -1);
    if (columns.length != 5 || columns[4].isBlank()) {
      throw new IllegalArgumentException("not five columns: " + text);
    }
    lines.add(new Line(text, glob(columns[0]), glob(columns[1]), glob(columns[2]), columns[3]));
  }

  private static Pattern glob(String text) {
    return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E");
  }

  /**
   * What is wrong with the outcomes of a mount: differences that no line explains, lines that say
   * of a case what is not so, and lines that are about nothing.
   */
  List<String> complaints(String mount, Map<String, String> right, Map<String, String> ours) {
    List<String> complaints = new ArrayList<>();
    List<Line> needed = new ArrayList<>();
    right.forEach((name, must) -> {
      String is = ours.getOrDefault(name, "(not run)");
      Line line = lines.stream().filter(l -> l.isAbout(mount, name, must)).findFirst().orElse(null);
      if (line == null && !is.equals(must)) {
        complaints.add("new failure: %s | %s | %s | %s".formatted(mount, name, must, is));
      } else if (line != null && is.equals(must)) {
        complaints.add("unexpected pass: %s: %s is %s".formatted(mount, name, is));
      } else if (line != null && !is.equals(line.ours)) {
        complaints.add(
            "fails otherwise: %s: %s is %s, not as in: %s".formatted(mount, name, is, line.text));
      }
      if (line != null) {
        needed.add(line);
      }
    });
    lines.stream()
        .filter(line -> line.mounts.matcher(mount).matches() && !needed.contains(line))
        .forEach(line -> complaints.add("about nothing on %s: %s".formatted(mount, line.text)));
    return complaints;
  }
}
