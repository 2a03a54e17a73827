package dev.mooring;

import dev.mooring.mount.MountSpec;
import dev.mooring.volume.InvalidOptions;
import dev.mooring.volume.OptionContext;
import dev.mooring.volume.OptionParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that say what to mount, with the letters of sshfs(1). */
final class SourceArguments {
  @Parameters(index = "0", arity = "0..1", paramLabel = "[USER@]HOST:[DIR]", description = "What")
  private @Nullable String source;

  @Option(
      names = "-o",
      paramLabel = "OPTION[,OPTION...]",
      description = "Options as in docs/CONFIGURATION.md, name or name=value")
  private List<String> options = new ArrayList<>();

  @Option(names = "-p", paramLabel = "PORT", description = "The same as -o port=PORT")
  private @Nullable String port;

  @Option(names = "-C", description = "The same as -o compression=yes")
  private boolean compression;

  @Option(
      names = "-F",
      paramLabel = "FILE",
      description = "An ssh_config instead of config in the key directory; none for none")
  private @Nullable String sshConfig;

  @Option(names = "--keys", paramLabel = "DIR", description = "Key directory; default ~/.ssh")
  private Path keys = Path.of(System.getProperty("user.home"), ".ssh");

  /** Whether anything was named. */
  boolean isNamed() {
    return source != null;
  }

  /**
   * Reads them, new host keys being remembered in the key directory.
   *
   * @param debug whether every call is to be logged
   */
  MountSpec read(boolean debug) throws InvalidOptions {
    List<Entry<String, String>> given = new ArrayList<>();
    given.add(Map.entry("sshcmd", Objects.requireNonNull(source)));
    for (String option : options) {
      int equals = option.indexOf('=');
      given.add(
          equals < 0
              ? Map.entry(option, "")
              : Map.entry(option.substring(0, equals), option.substring(equals + 1)));
    }
    if (debug) {
      given.add(Map.entry("debug", ""));
    }
    if (port != null) {
      given.add(Map.entry("port", port));
    }
    if (compression) {
      given.add(Map.entry("Compression", "yes"));
    }
    if (sshConfig != null) {
      given.add(Map.entry("ssh_config", sshConfig));
    }
    OptionContext context =
        OptionContext.commandLine(
            keys, keys.resolve("known_hosts"), System.getProperty("user.name"));
    return new OptionParser(context).parse(given);
  }
}
