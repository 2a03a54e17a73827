package dev.mooring.ssh;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;

/**
 * A password or passphrase. Prints {@code ***}; {@link #reveal} is for the library that needs it.
 */
public final class Secret {
  private final String value;
  private final Supplier<String> later;

  public Secret(String value) {
    this(value, () -> value);
  }

  /**
   * One that may change.
   *
   * @param value what it is now, by which it is compared
   * @param later what it is when it is needed
   */
  public Secret(String value, Supplier<String> later) {
    this.value = value;
    this.later = later;
  }

  /** The secret itself: never to be logged, stored or put in a message. */
  public String reveal() {
    return later.get();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
