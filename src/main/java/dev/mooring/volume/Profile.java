package dev.mooring.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * A file in the key directory with options, a line each, {@code name=value} or {@code name};
 * comments begin with {@code #}. It is read at each mount, so that it can change while volumes name
 * it.
 */
final class Profile {
  private static final int MAX_BYTES = 64 * 1024;

  private Profile() {}

  /** The options that it holds, in order. */
  static List<Entry<String, String>> read(String named, KeyDirectory keys) throws InvalidValue {
    Path file = keys.file(named);
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidValue(OptionTrouble.PROFILE_TOO_LONG, file);
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw KeyDirectory.unreadable(file, e);
    }
    List<Entry<String, String>> options = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      String name = (equals < 0 ? line : line.substring(0, equals)).strip();
      if (VolumeOption.normalized(name).equals(OptionParser.PROFILE)) {
        throw new InvalidValue(OptionTrouble.PROFILE_IN_PROFILE, file);
      }
      options.add(Map.entry(name, equals < 0 ? "" : line.substring(equals + 1).strip()));
    }
    return options;
  }
}
