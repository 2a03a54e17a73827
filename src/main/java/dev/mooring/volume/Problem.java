package dev.mooring.volume;

/**
 * One thing that is wrong with options.
 *
 * @param text a line for people, secrets left out
 */
record Problem(OptionTrouble trouble, String text) {

  /** In its own words. */
  static Problem of(OptionTrouble trouble, Object... details) {
    return new Problem(trouble, trouble.of(details));
  }

  /** The same, said of what was given there. */
  Problem in(String place) {
    return new Problem(trouble, place + text);
  }
}
