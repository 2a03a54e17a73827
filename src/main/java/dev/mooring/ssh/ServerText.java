package dev.mooring.ssh;

import java.nio.charset.StandardCharsets;

/** Text that a server chose, made fit for a log line, a terminal and an error message. */
public final class ServerText {
  /** Longer texts are cut: a message stays one line that a person reads. */
  private static final int MAX_BYTES = 300;

  private static final String CUT = "...";

  private ServerText() {}

  /**
   * The text with everything that could break a line, move a cursor or reorder what is shown
   * replaced by a visible escape, without white space at its ends, and not too long.
   */
  public static String escape(String text) {
    return escape(text, MAX_BYTES);
  }

  /** The same, of at most so many bytes of UTF-8. */
  public static String escape(String text, int most) {
    StringBuilder escaped = new StringBuilder();
    int bytes = 0;
    int fitting = 0;
    for (int character : (Iterable<Integer>) text.strip().codePoints()::iterator) {
      int before = escaped.length();
      append(escaped, character);
      bytes += escaped.substring(before).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > most) {
        escaped.setLength(fitting);
        return escaped.append(CUT).toString();
      }
      fitting = bytes <= most - CUT.length() ? escaped.length() : fitting;
    }
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int character) {
    switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          escaped.append(
              switch (character) {
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\t' -> "\\t";
                default -> String.format("\\u{%x}", character);
              });
      default -> escaped.appendCodePoint(character);
    }
  }
}
