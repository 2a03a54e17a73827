package dev.mooring.simulation;

import java.util.List;
import java.util.Locale;

/**
 * One call of one caller. As text it is one line: {@code 1 rename a/b c 7}, the empty path being a
 * dot.
 *
 * @param caller a process on the mount, or {@link #BEHIND} for another client of the server
 * @param path what it is about, for calls that take a path
 * @param other the second path or the target
 * @param number decides the rest: which descriptor, offset, length, flags, bytes
 */
record Step(int caller, Verb verb, String path, String other, int number) {
  /** Processes on the mount are numbered from 0 on, below this. */
  static final int BEHIND = 3;

  /** The same with another verb. */
  Step with(Verb other) {
    return new Step(caller, other, path, this.other, number);
  }

  static Step parse(String line) {
    String[] words = line.strip().split(" +", -1);
    return new Step(
        words[0].equals("x") ? BEHIND : Integer.parseInt(words[0]),
        Verb.valueOf(words[1].toUpperCase(Locale.ROOT)),
        words[2].equals(".") ? "" : words[2],
        words[3].equals(".") ? "" : words[3],
        Integer.parseInt(words[4]));
  }

  static List<Step> parseAll(String lines) {
    return lines.lines().filter(line -> !line.isBlank()).map(Step::parse).toList();
  }

  @Override
  public String toString() {
    return "%s %s %s %s %d"
        .formatted(
            caller == BEHIND ? "x" : String.valueOf(caller),
            verb.name().toLowerCase(Locale.ROOT),
            path.isEmpty() ? "." : path,
            other.isEmpty() ? "." : other,
            number);
  }
}
