package dev.mooring.volume;

import dev.mooring.volume.VolumeOption.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Takes apart what people join by commas, as mount(8) has taught them. Docker cuts {@code -o
 * uid=999,gid=999} only at the first {@code =}, so it arrives as {@code uid} with the value {@code
 * 999,gid=999}, and {@code -o auto_cache,reconnect} as a key without a value.
 *
 * <p>A value is cut at a comma only where {@code known=} or a known flag stands behind it: {@code
 * Ciphers=a,b} stays whole. A secret is never cut.
 */
final class JoinedOptions {
  private JoinedOptions() {}

  /** Every option by itself, in order. */
  static List<Entry<String, String>> split(List<Entry<String, String>> given) {
    List<Entry<String, String>> options = new ArrayList<>();
    for (Entry<String, String> entry : given) {
      String[] names = entry.getKey().split(",", -1);
      for (int i = 0; i < names.length - 1; i++) {
        addJoined(options, names[i]);
      }
      addValue(options, names[names.length - 1], entry.getValue());
    }
    return options;
  }

  /** Cuts one text, such as the argument of {@code -o}, into options. */
  static List<Entry<String, String>> parse(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? split(List.of(Map.entry(text, "")))
        : split(List.of(Map.entry(text.substring(0, equals), text.substring(equals + 1))));
  }

  private static void addJoined(List<Entry<String, String>> options, String part) {
    if (!part.isBlank()) {
      options.add(Map.entry(part.strip(), ""));
    }
  }

  private static void addValue(List<Entry<String, String>> options, String name, String value) {
    if (name.isBlank() && value.isBlank()) {
      return;
    }
    if (isSecret(name)) {
      options.add(Map.entry(name.strip(), value));
      return;
    }
    String[] parts = value.split(",", -1);
    StringBuilder whole = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      if (begins(part)) {
        options.add(Map.entry(name.strip(), whole.toString()));
        addRest(options, parts, i);
        return;
      }
      whole.append(',').append(part);
    }
    options.add(Map.entry(name.strip(), whole.toString()));
  }

  private static void addRest(List<Entry<String, String>> options, String[] parts, int from) {
    String rest = String.join(",", List.of(parts).subList(from, parts.length));
    options.addAll(parse(rest));
  }

  private static boolean begins(String part) {
    int equals = part.indexOf('=');
    return equals < 0
        ? VolumeOptions.find(part).filter(n -> n.option().kind() == Kind.FLAG).isPresent()
        : VolumeOptions.find(part.substring(0, equals)).isPresent();
  }

  private static boolean isSecret(String name) {
    return VolumeOptions.find(name).filter(n -> n.option().kind() == Kind.SECRET).isPresent();
  }
}
