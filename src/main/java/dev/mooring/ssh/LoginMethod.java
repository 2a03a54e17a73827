package dev.mooring.ssh;

import java.util.Arrays;
import java.util.Optional;

/** A way to log in. */
public enum LoginMethod {
  PUBLIC_KEY("publickey"),
  PASSWORD("password"),
  KEYBOARD_INTERACTIVE("keyboard-interactive");

  private final String word;

  LoginMethod(String word) {
    this.word = word;
  }

  /** As the protocol names it. */
  public String word() {
    return word;
  }

  /** The one of that name, if we have it. */
  public static Optional<LoginMethod> named(String word) {
    return Arrays.stream(values()).filter(method -> method.word.equals(word)).findFirst();
  }
}
