package dev.mooring.volume;

import java.io.Serial;

/** A value that an option cannot have. */
final class InvalidValue extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final OptionTrouble trouble;

  /** What is wrong, with the details that its text has room for. */
  InvalidValue(OptionTrouble trouble, Object... details) {
    super(trouble.of(details));
    this.trouble = trouble;
  }

  /** The same as a problem of an option. */
  Problem of(String option) {
    return new Problem(trouble, option + " " + getMessage());
  }
}
