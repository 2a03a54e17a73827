package dev.mooring.volume;

import dev.mooring.ssh.HostPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file as ssh_config(5) has it: keywords below {@code Host} patterns, {@code Include}, quotes and
 * comments. {@code Match} is refused, since most of its conditions run commands or ask who is
 * logged in.
 */
final class SshConfig {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_FILES = 64;
  private static final int MAX_DEPTH = 16;

  /** No file. */
  static final SshConfig NONE = new SshConfig(List.of());

  /**
   * One line.
   *
   * @param hosts the patterns that it stands below, each list of which must match
   */
  private record Line(List<List<String>> hosts, Setting setting) {}

  /**
   * What the file says about a host.
   *
   * @param place file and line, for people
   */
  record Setting(String keyword, String value, String place) {}

  private final List<Line> lines;

  private SshConfig(List<Line> lines) {
    this.lines = lines;
  }

  /** Reads a file and what it includes. */
  static SshConfig read(Path file, KeyDirectory keys) throws InvalidValue {
    Reading reading = new Reading(keys);
    reading.read(file, List.of(), 0);
    return new SshConfig(reading.lines);
  }

  /** All settings for a host, in the order of the file: of two for one keyword the first counts. */
  List<Setting> about(String host) {
    return lines.stream()
        .filter(line -> line.hosts.stream().allMatch(p -> HostPattern.anyMatches(p, host)))
        .map(Line::setting)
        .toList();
  }

  /** One file and those that it includes. */
  private static final class Reading {
    private final KeyDirectory keys;
    private final List<Line> lines = new ArrayList<>();
    private int files;

    Reading(KeyDirectory keys) {
      this.keys = keys;
    }

    void read(Path file, List<List<String>> above, int depth) throws InvalidValue {
      if (depth > MAX_DEPTH || ++files > MAX_FILES) {
        throw new InvalidValue(OptionTrouble.TOO_MANY_INCLUDED, file);
      }
      List<List<String>> hosts = above;
      int number = 0;
      for (String text : text(file).lines().toList()) {
        String place = file + " line " + ++number;
        List<String> words = words(text, place);
        if (words.isEmpty()) {
          continue;
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst().toLowerCase(Locale.ROOT)) {
          case "host" -> {
            hosts = new ArrayList<>(above);
            hosts.add(List.copyOf(rest));
          }
          case "match" -> throw new InvalidValue(OptionTrouble.MATCH, place);
          case "include" -> {
            for (String pattern : rest) {
              for (Path included : keys.included(pattern)) {
                read(included, hosts, depth + 1);
              }
            }
          }
          default ->
              lines.add(
                  new Line(hosts, new Setting(words.getFirst(), String.join(" ", rest), place)));
        }
      }
    }

    private static String text(Path file) throws InvalidValue {
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw new InvalidValue(OptionTrouble.CONFIG_TOO_LONG, file);
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        throw KeyDirectory.unreadable(file, e);
      }
    }

    /** A keyword and its arguments; between the first two there may be an equals sign. */
    private static List<String> words(String line, String place) throws InvalidValue {
      List<String> words = new ArrayList<>();
      int at = 0;
      while (true) {
        while (at < line.length()
            && (Character.isWhitespace(line.charAt(at))
                || (words.size() == 1 && line.charAt(at) == '='))) {
          at++;
        }
        if (at == line.length() || line.charAt(at) == '#') {
          return words;
        }
        boolean quoted = line.charAt(at) == '"';
        int end = quoted ? line.indexOf('"', ++at) : wordEnd(line, at, words.isEmpty());
        if (end < 0) {
          throw new InvalidValue(OptionTrouble.OPEN_QUOTE, place);
        }
        words.add(line.substring(at, end));
        at = quoted ? end + 1 : end;
      }
    }

    private static int wordEnd(String line, int from, boolean keyword) {
      int end = from;
      while (end < line.length()
          && !Character.isWhitespace(line.charAt(end))
          && !(keyword && line.charAt(end) == '=')) {
        end++;
      }
      return end;
    }
  }
}
