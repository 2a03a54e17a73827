package dev.mooring.volume;

import dev.mooring.mount.MountDraft;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * One option that a volume or a mount can be given, declared once: what it is called, what it
 * takes, what a person reads about it, and what it does. The parser, the reference page and the
 * tests all work from this.
 *
 * @param key its name
 * @param aliases other names for the same
 * @param negations names that mean the same with {@code no}
 * @param kind what its value is
 * @param syntax how a value looks, for the reference
 * @param standard what counts when nobody gives it, for the reference
 * @param description one line
 */
record VolumeOption(
    String key,
    List<String> aliases,
    List<String> negations,
    Kind kind,
    String syntax,
    String standard,
    String description,
    Decision decision,
    Effect effect) {

  /** What its value is. */
  enum Kind {
    /** On or off; given without a value it is on. */
    FLAG,
    /** One value. */
    VALUE,
    /** One value, and every time it is given one more. */
    REPEATABLE,
    /** A value that is never shown and never cut at commas. */
    SECRET
  }

  /** What becomes of it. */
  enum Decision {
    ACTS("acts"),
    ALREADY_SO("always so"),
    IGNORED("accepted, has no effect"),
    REFUSED("refused");

    private final String words;

    Decision(String words) {
      this.words = words;
    }

    /** For the reference. */
    String words() {
      return words;
    }
  }

  /** What a value does to a mount in the making. */
  @FunctionalInterface
  interface Effect {
    /** Carries it out, or says why the value is no good. */
    void apply(MountDraft draft, OptionContext context, String value) throws InvalidValue;
  }

  VolumeOption {
    aliases = List.copyOf(aliases);
    negations = List.copyOf(negations);
  }

  /** On or off. */
  static VolumeOption flag(
      String key, String standard, String description, BiConsumer<MountDraft, Boolean> setter) {
    return of(key, Syntax.FLAG, standard, description, setter).with(Kind.FLAG);
  }

  /** A value of some syntax. */
  static <T> VolumeOption of(
      String key,
      Syntax<T> syntax,
      String standard,
      String description,
      BiConsumer<MountDraft, T> setter) {
    Effect effect = (draft, context, value) -> setter.accept(draft, syntax.parse(value));
    return acting(key, syntax.words(), standard, description, effect);
  }

  /** A value that needs more than its syntax. */
  static VolumeOption acting(
      String key, String syntax, String standard, String description, Effect effect) {
    return declared(key, Kind.VALUE, syntax, standard, description, Decision.ACTS, effect);
  }

  /** A flag that names how things are anyway. */
  static VolumeOption alreadySo(String key, String description) {
    Effect effect =
        (draft, context, value) -> {
          if (!Syntax.FLAG.parse(value)) {
            throw new InvalidValue(OptionTrouble.ALWAYS_SO, description);
          }
        };
    return declared(key, Kind.FLAG, "flag", "on", description, Decision.ALREADY_SO, effect);
  }

  /** An option without effect here, for a reason that the description gives. */
  static VolumeOption ignored(String key, Kind kind, String description) {
    Effect effect = (draft, context, value) -> draft.warn(key + " has no effect: " + description);
    return declared(key, kind, syntaxOf(kind), "", description, Decision.IGNORED, effect);
  }

  /** An option that would be misunderstood if it were accepted. */
  static VolumeOption refused(String key, Kind kind, String description, String instead) {
    Effect effect =
        (draft, context, value) -> {
          throw new InvalidValue(OptionTrouble.REFUSED, instead);
        };
    return declared(
        key, kind, syntaxOf(kind), "", description + "; " + instead, Decision.REFUSED, effect);
  }

  /** A flag of which only the "no" can be granted. */
  static VolumeOption onlyOff(String key, String description, String instead) {
    Effect effect =
        (draft, context, value) -> {
          if (Syntax.FLAG.parse(value)) {
            throw new InvalidValue(OptionTrouble.REFUSED, instead);
          }
        };
    return declared(
        key, Kind.FLAG, "flag", "off", description + "; " + instead, Decision.REFUSED, effect);
  }

  private static VolumeOption declared(
      String key,
      Kind kind,
      String syntax,
      String standard,
      String description,
      Decision decision,
      Effect effect) {
    return new VolumeOption(
        key, List.of(), List.of(), kind, syntax, standard, description, decision, effect);
  }

  private static String syntaxOf(Kind kind) {
    return kind == Kind.FLAG ? "flag" : "text";
  }

  /** The same under more names. */
  VolumeOption alias(String... names) {
    return new VolumeOption(
        key, List.of(names), negations, kind, syntax, standard, description, decision, effect);
  }

  /** The same with names that turn it off. */
  VolumeOption negated(String... names) {
    return new VolumeOption(
        key, aliases, List.of(names), kind, syntax, standard, description, decision, effect);
  }

  /** The same of another kind. */
  VolumeOption with(Kind other) {
    return new VolumeOption(
        key, aliases, negations, other, syntax, standard, description, decision, effect);
  }

  /** Names are compared without regard to case, {@code -} and {@code _}. */
  static String normalized(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }
}
