package dev.mooring.volume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Options that cannot all be meant. */
final class Contradictions {
  /** A flag that is on or off, or a value that a choice has. */
  private record Said(String key, String value) {
    static Said on(String key) {
      return new Said(key, "on");
    }

    static Said off(String key) {
      return new Said(key, "off");
    }

    boolean isTrue(Map<String, String> given) {
      return value.equals(given.get(key)) || (value.isEmpty() && given.containsKey(key));
    }

    @Override
    public String toString() {
      return switch (value) {
        case "", "on" -> key;
        case "off" -> key + "=no";
        default -> key + "=" + value;
      };
    }
  }

  private record Rule(Said one, Said other, String why) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(Said.on("delay_connect"), Said.on("probe"), "only one of them asks the server"),
          new Rule(
              Said.on("delay_connect"),
              Said.on("create_dir"),
              "a directory cannot be made before the server is asked"),
          new Rule(
              Said.on("delay_connect"),
              new Said("idmap", "user"),
              "who logs in is not known before the server is asked"),
          new Rule(Said.on("ro"), Said.on("create_dir"), "making a directory is a change"),
          new Rule(
              Said.on("no_check_root"), Said.on("create_dir"), "what is made has to be looked for"),
          new Rule(Said.on("direct_io"), Said.on("kernel_cache"), "there are no pages to be kept"),
          new Rule(
              Said.off("dir_cache"),
              new Said("consistency", "relaxed"),
              "nothing is kept, or for long"),
          new Rule(
              Said.on("sshfs_sync"),
              new Said("write_mode", "behind"),
              "writes wait for the server or do not"),
          new Rule(
              new Said("host_key", ""),
              new Said("StrictHostKeyChecking", "no"),
              "the key is checked or it is not"),
          new Rule(
              Said.on("follow_symlinks"),
              Said.on("transform_symlinks"),
              "links that are followed are not seen"));

  private Contradictions() {}

  /** All of them, in a sentence each. */
  static List<Problem> among(List<GivenOption> options) {
    Map<String, String> given = new HashMap<>();
    options.forEach(option -> given.put(option.key(), meaning(option)));
    List<Problem> problems = new ArrayList<>();
    for (Rule rule : RULES) {
      if (rule.one.isTrue(given) && rule.other.isTrue(given)) {
        problems.add(Problem.of(OptionTrouble.CONTRADICTION, rule.one, rule.other, rule.why));
      }
    }
    if (given.containsKey("password") && given.containsKey("password_file")) {
      problems.add(
          Problem.of(
              OptionTrouble.CONTRADICTION, "password", "password_file", "there is one password"));
    }
    return problems;
  }

  private static String meaning(GivenOption given) {
    if (given.option().kind() == VolumeOption.Kind.FLAG) {
      try {
        return Syntax.FLAG.parse(given.value()) ? "on" : "off";
      } catch (InvalidValue e) {
        return "neither"; // The option itself will complain.
      }
    }
    return given.value().strip().toLowerCase(Locale.ROOT);
  }
}
