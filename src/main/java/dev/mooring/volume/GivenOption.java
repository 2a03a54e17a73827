package dev.mooring.volume;

import dev.mooring.volume.VolumeOption.Kind;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One option and the value that it was given.
 *
 * @param name how a problem calls it
 */
record GivenOption(VolumeOption option, String value, String name) {
  private static final String SOURCE = "sshcmd";

  String key() {
    return option.key();
  }

  /**
   * The options of two places; where both say something the second counts. The source comes first,
   * so that user, port and HostName given beside it win over it.
   */
  static List<GivenOption> merged(List<GivenOption> lower, List<GivenOption> higher) {
    Set<String> said = keys(higher);
    return Stream.concat(
            sourceFirst(lower).filter(given -> !said.contains(given.key())), sourceFirst(higher))
        .toList();
  }

  private static Stream<GivenOption> sourceFirst(List<GivenOption> options) {
    return options.stream().sorted(Comparator.comparing(given -> !given.key().equals(SOURCE)));
  }

  static Set<String> keys(Collection<GivenOption> options) {
    return options.stream().map(GivenOption::key).collect(Collectors.toCollection(HashSet::new));
  }

  /** The options that were given more than once, with different values, and have one only. */
  static List<String> ambiguous(List<GivenOption> options) {
    return options.stream()
        .filter(given -> given.option().kind() != Kind.REPEATABLE)
        .collect(Collectors.groupingBy(GivenOption::key))
        .entrySet()
        .stream()
        .filter(entry -> entry.getValue().stream().map(GivenOption::value).distinct().count() > 1)
        .map(entry -> entry.getKey())
        .sorted()
        .toList();
  }
}
