package dev.mooring.volume;

import java.io.Serial;

/** A value that an option cannot have. The message goes on after the option's name. */
final class InvalidValue extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  InvalidValue(String message) {
    super(message);
  }
}
