package dev.mooring.ssh;

/** Text that a server chose, made fit for a log line, a terminal and an error message. */
public final class ServerText {
  /** Longer texts are cut: a message stays one line that a person reads. */
  private static final int MAX_CHARACTERS = 300;

  private ServerText() {}

  /**
   * The text with everything that could break a line, move a cursor or reorder what is shown
   * replaced by a visible escape, without white space at its ends, and not too long.
   */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.strip()
        .codePoints()
        .takeWhile(_ -> escaped.length() < MAX_CHARACTERS)
        .forEach(character -> append(escaped, character));
    return escaped.length() < MAX_CHARACTERS
        ? escaped.toString()
        : escaped.append("...").toString();
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
