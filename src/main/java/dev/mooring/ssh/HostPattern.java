package dev.mooring.ssh;

import java.util.List;
import java.util.Locale;

/** Patterns of ssh_config(5) and known_hosts: {@code *} for any characters, {@code ?} for one. */
public final class HostPattern {
  private HostPattern() {}

  /** Whether the whole name is like the pattern. Takes no longer than their lengths multiplied. */
  public static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int starredTo = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        starredTo = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++starredTo;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /**
   * Whether one of the patterns is like the name and none behind a {@code !} is; upper and lower
   * case are the same.
   */
  public static boolean anyMatches(List<String> patterns, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean found = false;
    for (String pattern : patterns) {
      boolean negated = pattern.startsWith("!");
      String wanted = pattern.substring(negated ? 1 : 0).toLowerCase(Locale.ROOT);
      if (matches(wanted, lower)) {
        if (negated) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }
}
