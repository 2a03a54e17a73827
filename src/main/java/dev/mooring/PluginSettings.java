package dev.mooring;

import ch.qos.logback.classic.Level;
import dev.mooring.volume.PluginPolicy;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code docker plugin set} can set, as it arrives in the environment. A value that cannot be
 * used never keeps the plugin from starting, since dockerd would show nobody why.
 *
 * @param logLevel what is logged
 * @param linger how long a mount outlives its last caller
 * @param policy defaults and rules for all volumes
 * @param warnings a sentence each about values that do not act
 */
record PluginSettings(Level logLevel, Duration linger, PluginPolicy policy, List<String> warnings) {
  private static final Duration LINGER = Duration.ofSeconds(10);
  private static final Duration LONGEST_LINGER = Duration.ofHours(24);

  /** Declared in config.json for versions to come, because an upgrade cannot add settings. */
  private static final List<String> TO_COME =
      List.of(
          "CACHE_SIZE", "WRITE_BUFFER_SIZE", "MAX_CONNECTIONS", "PROXY", "METRICS", "LOG_FORMAT");

  PluginSettings {
    warnings = List.copyOf(warnings);
  }

  static PluginSettings of(Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    for (String name : TO_COME) {
      if (!environment.getOrDefault(name, "").isBlank()) {
        warnings.add(name + " does not act in this version");
      }
    }
    return new PluginSettings(
        logLevel(environment), linger(environment, warnings), policy(environment), warnings);
  }

  private static PluginPolicy policy(Map<String, String> environment) {
    return PluginPolicy.of(
        environment.getOrDefault("DEFAULT_OPTIONS", ""),
        environment.getOrDefault("ALLOWED_HOSTS", ""),
        environment.getOrDefault("ALLOWED_PATHS", ""),
        environment.getOrDefault("ALLOWED_OPTIONS", ""),
        isOn(environment.getOrDefault("REQUIRE_PROFILE", "")));
  }

  private static boolean isOn(String value) {
    String word = value.strip().toLowerCase(Locale.ROOT);
    return !word.isEmpty() && !List.of("0", "false", "no", "off").contains(word);
  }

  /** DEBUG is how people who know other plugins ask for it. */
  private static Level logLevel(Map<String, String> environment) {
    return isOn(environment.getOrDefault("DEBUG", ""))
        ? Level.DEBUG
        : Level.toLevel(environment.getOrDefault("LOG_LEVEL", "").strip(), Level.INFO);
  }

  private static Duration linger(Map<String, String> environment, List<String> warnings) {
    String value = environment.getOrDefault("LINGER", "").strip();
    if (value.isEmpty()) {
      return LINGER;
    }
    try {
      Duration linger = Duration.ofSeconds(Long.parseLong(value.replaceFirst("s$", "")));
      if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
        throw new DateTimeException("out of range");
      }
      return linger;
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      warnings.add("LINGER=" + value + " is no number of seconds up to a day; it is 10");
      return LINGER;
    }
  }
}
