package dev.mooring.volume;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a value may look like and what it means.
 *
 * @param words for the reference
 */
record Syntax<T>(String words, Parser<T> parser) {

  /** Reads one value. */
  @FunctionalInterface
  interface Parser<T> {
    /** The meaning, or why there is none. */
    T parse(String value) throws InvalidValue;
  }

  private static final Set<String> ON = Set.of("", "true", "yes", "on", "1");
  private static final Set<String> OFF = Set.of("false", "no", "off", "0");
  private static final long KIB = 1024;

  /** On or off; nothing is on. */
  static final Syntax<Boolean> FLAG = new Syntax<>("flag", Syntax::flag);

  /** Anything but nothing. */
  static final Syntax<String> TEXT = new Syntax<>("text", Syntax::text);

  /** Permissions, as chmod(1) takes them. */
  static final Syntax<Integer> OCTAL = new Syntax<>("octal", Syntax::octal);

  /** Seconds, with a fraction; or with a unit. */
  static final Syntax<Duration> TIME = new Syntax<>("seconds", Syntax::time);

  /** Bytes, also with k, M or G. */
  static final Syntax<Integer> SIZE =
      new Syntax<>("bytes, 64k, 16M", value -> (int) bytes(value, Integer.MAX_VALUE));

  /** More bytes than one buffer has. */
  static final Syntax<Long> BYTES =
      new Syntax<>("bytes, 64k, 16M, 1G", value -> bytes(value, 1L << 42));

  /** Names with commas between them. */
  static final Syntax<List<String>> NAMES =
      new Syntax<>(
          "names, with commas between them",
          value -> Stream.of(text(value).split(",", -1)).map(String::strip).toList());

  /** A whole number within bounds, both included. */
  static Syntax<Integer> number(int least, int most) {
    return new Syntax<>(
        least + " to " + most, value -> (int) whole(value, least, most, "a whole number"));
  }

  /** A numeric user or group. */
  static final Syntax<Integer> ID =
      new Syntax<>("number", value -> (int) whole(value, 0, 0xfffffffeL, "a numeric id"));

  /** One of some words. */
  static <T> Syntax<T> choice(Map<String, T> choices) {
    String words = choices.keySet().stream().sorted().collect(Collectors.joining(", "));
    return new Syntax<>(
        words.replace(", ", " or "),
        value -> {
          T choice = choices.get(value.strip().toLowerCase(Locale.ROOT));
          if (choice == null) {
            throw new InvalidValue(OptionTrouble.NO_CHOICE, words, value);
          }
          return choice;
        });
  }

  /** The meaning of a value, or why there is none. */
  T parse(String value) throws InvalidValue {
    return parser.parse(value);
  }

  private static boolean flag(String value) throws InvalidValue {
    String word = value.strip().toLowerCase(Locale.ROOT);
    if (!ON.contains(word) && !OFF.contains(word)) {
      throw new InvalidValue(OptionTrouble.NO_FLAG, value);
    }
    return ON.contains(word);
  }

  private static String text(String value) throws InvalidValue {
    if (value.isBlank()) {
      throw new InvalidValue(OptionTrouble.NO_TEXT);
    }
    return value;
  }

  private static int octal(String value) throws InvalidValue {
    try {
      int bits = Integer.parseInt(value.strip(), 8);
      if (bits >= 0 && bits <= 0777) {
        return bits;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is too large.
    }
    throw new InvalidValue(OptionTrouble.NO_MODE, value);
  }

  private static Duration time(String value) throws InvalidValue {
    String number = value.strip().toLowerCase(Locale.ROOT);
    double unit = 1;
    if (number.endsWith("ms")) {
      unit = 0.001;
      number = number.substring(0, number.length() - 2);
    } else if (number.endsWith("s") || number.endsWith("m") || number.endsWith("h")) {
      unit = number.endsWith("s") ? 1 : number.endsWith("m") ? 60 : 3600;
      number = number.substring(0, number.length() - 1);
    }
    if (number.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      return Duration.ofMillis(Math.round(Double.parseDouble(number) * unit * 1000));
    }
    throw new InvalidValue(OptionTrouble.NO_TIME, value);
  }

  private static long bytes(String value, long most) throws InvalidValue {
    String text = value.strip().toLowerCase(Locale.ROOT);
    String digits = text.replaceFirst("[kmg]$", "");
    if (digits.matches("\\d{1,10}")) {
      long unit = text.equals(digits) ? 1 : unit(text.charAt(text.length() - 1));
      long number = Long.parseLong(digits);
      if (number <= most / unit) {
        return number * unit;
      }
    }
    throw new InvalidValue(OptionTrouble.NO_NUMBER, "a number of bytes", 0, most, value);
  }

  private static long unit(char letter) {
    return switch (letter) {
      case 'k' -> KIB;
      case 'm' -> KIB * KIB;
      default -> KIB * KIB * KIB;
    };
  }

  private static long whole(String value, long least, long most, String what) throws InvalidValue {
    String digits = value.strip();
    if (digits.matches("\\d{1,10}")) {
      long number = Long.parseLong(digits);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new InvalidValue(OptionTrouble.NO_NUMBER, what, least, most, value);
  }
}
