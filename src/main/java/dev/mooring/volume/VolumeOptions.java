package dev.mooring.volume;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All options there are, in the order of the reference, and how a name leads to one. */
final class VolumeOptions {
  /** A heading of the reference and what stands below it. */
  record Section(String title, List<VolumeOption> options) {}

  static final List<Section> SECTIONS =
      List.of(
          new Section("What to mount, and sshfs's own options", SshfsOptions.ALL),
          new Section("SSH", SshOptions.ALL),
          new Section("The kernel's side", KernelOptions.ALL),
          new Section("Mooring's own options", MooringOptions.ALL));

  static final List<VolumeOption> ALL =
      SECTIONS.stream().map(Section::options).flatMap(List::stream).toList();

  /**
   * What a name means.
   *
   * @param negated whether it is the name of the option's opposite
   */
  record Named(VolumeOption option, boolean negated) {}

  /** Nobody mistypes a name that is longer than this. */
  private static final int LONGEST_NAME = 64;

  private static final Map<String, Named> BY_NAME = index();

  /** Options that ssh_config has too and sshfs calls its own. */
  private static final Set<String> OF_SSH = Set.of("user", "port");

  private static final Set<String> OF_SERVER =
      Set.of(
          "sshcmd",
          "host",
          "user",
          "port",
          "password",
          "password_file",
          "passphrase",
          "passphrase_file",
          "sftp_server",
          "host_key",
          OptionParser.SSH_CONFIG);

  private VolumeOptions() {}

  /** The option of that name, however it is written. */
  static Optional<Named> find(String name) {
    return Optional.ofNullable(BY_NAME.get(VolumeOption.normalized(name)));
  }

  /** The option that a keyword of ssh_config(5) is. */
  static Optional<VolumeOption> ofSsh(String keyword) {
    return find(keyword)
        .filter(named -> !named.negated())
        .map(Named::option)
        .filter(option -> SshOptions.ALL.contains(option) || OF_SSH.contains(option.key()));
  }

  /** Whether it says which server it is and how it is logged in to. */
  static boolean isAboutServer(VolumeOption option) {
    return SshOptions.ALL.contains(option) || OF_SERVER.contains(option.key());
  }

  /** The known name that looks most like this one, if any does. */
  static Optional<String> nearest(String name) {
    String wanted = VolumeOption.normalized(name);
    if (wanted.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    int most = Math.max(1, wanted.length() / 3);
    return ALL.stream()
        .flatMap(VolumeOptions::names)
        .map(known -> Map.entry(known, distance(wanted, VolumeOption.normalized(known))))
        .filter(entry -> entry.getValue() <= most)
        .min(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey);
  }

  private static Stream<String> names(VolumeOption option) {
    return Stream.of(List.of(option.key()), option.aliases(), option.negations())
        .flatMap(List::stream);
  }

  private static Map<String, Named> index() {
    Map<String, Named> index = new HashMap<>();
    for (VolumeOption option : ALL) {
      names(option)
          .forEach(name -> {
            Named named = new Named(option, option.negations().contains(name));
            if (index.put(VolumeOption.normalized(name), named) != null) {
              throw new IllegalStateException(name + " is declared twice");
            }
          });
    }
    return index;
  }

  /** Levenshtein's distance, with two neighbours that changed places counted as one. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        cost[i][j] =
            Math.min(
                cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
