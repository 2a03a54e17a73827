package dev.mooring.volume;

import dev.mooring.mount.MountSpec;
import dev.mooring.ssh.Hop;
import dev.mooring.ssh.HostPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What whoever set up the plugin wants of all volumes. The lists are empty for no rule.
 *
 * @param defaults options that a volume has unless it says otherwise, as {@code -o} writes them
 * @param hosts patterns of hosts that volumes may name
 * @param paths directories that volumes may mount, with all below them; {@code ~} is the login
 *     directory. Links on the server are not followed for it.
 * @param options names of options that volumes may give
 * @param profileOnly whether volumes must name a profile
 */
public record PluginPolicy(
    String defaults,
    List<String> hosts,
    List<String> paths,
    List<String> options,
    boolean profileOnly) {

  /** No defaults, everything allowed. */
  public static final PluginPolicy NONE =
      new PluginPolicy("", List.of(), List.of(), List.of(), false);

  public PluginPolicy {
    hosts = List.copyOf(hosts);
    paths = List.copyOf(paths);
    options = List.copyOf(options);
  }

  /** A policy of settings with commas between their words. */
  public static PluginPolicy of(
      String defaults, String hosts, String paths, String options, boolean profileOnly) {
    return new PluginPolicy(defaults, words(hosts), words(paths), words(options), profileOnly);
  }

  private static List<String> words(String text) {
    return Stream.of(text.split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
  }

  /** The default options, one by one. */
  List<Map.Entry<String, String>> defaultOptions() {
    return defaults.isBlank() ? List.of() : JoinedOptions.parse(defaults.strip());
  }

  /** What a volume that gave these options does that it may not. */
  List<Problem> problems(Collection<VolumeOption> given, boolean profile, MountSpec spec) {
    List<Problem> problems = new ArrayList<>();
    if (profileOnly && !profile) {
      problems.add(Problem.of(OptionTrouble.PROFILE_REQUIRED));
    }
    String refused =
        given.stream()
            .map(VolumeOption::key)
            .filter(key -> !options.isEmpty() && !allowsOption(key))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!refused.isEmpty()) {
      problems.add(Problem.of(OptionTrouble.OPTION_FORBIDDEN, refused));
    }
    Stream.concat(
            spec.connection().route().jumps().stream().map(Hop::target), Stream.of(spec.target()))
        .map(target -> target.host())
        .filter(host -> !hosts.isEmpty() && !HostPattern.anyMatches(hosts, host))
        .forEach(host -> problems.add(Problem.of(OptionTrouble.HOST_FORBIDDEN, host)));
    String path = spec.directory();
    if (!paths.isEmpty() && paths.stream().noneMatch(allowed -> isBelow(path, allowed))) {
      problems.add(Problem.of(OptionTrouble.PATH_FORBIDDEN, path));
    }
    return problems;
  }

  private boolean allowsOption(String key) {
    return options.stream()
        .anyMatch(name -> VolumeOption.normalized(name).equals(VolumeOption.normalized(key)));
  }

  private static boolean isBelow(String path, String allowed) {
    List<String> parts = parts(path);
    List<String> beginning = parts(allowed);
    return !parts.contains("..")
        && !isAnothersHome(path)
        && isAbsolute(path) == isAbsolute(allowed)
        && parts.size() >= beginning.size()
        && parts.subList(0, beginning.size()).equals(beginning);
  }

  private static boolean isAnothersHome(String path) {
    return path.startsWith("~") && !path.equals("~") && !path.startsWith("~/");
  }

  private static boolean isAbsolute(String path) {
    return path.startsWith("/");
  }

  /** The names on the way, without those that mean nothing. */
  private static List<String> parts(String path) {
    return Stream.of(path.split("/"))
        .filter(part -> !part.isEmpty() && !part.equals(".") && !part.equals("~"))
        .toList();
  }
}
