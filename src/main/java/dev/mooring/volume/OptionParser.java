package dev.mooring.volume;

import dev.mooring.mount.MountSpec;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Makes a {@link MountSpec} of the options that a person gave. Reads key and password files, but
 * asks no server. Thread-safe.
 */
public final class OptionParser {
  /** Whether unknown options are errors. */
  static final String STRICT = "strict_options";

  /** The file with more options. */
  static final String PROFILE = "profile";

  /** The file with what ssh(1) knows of hosts. */
  static final String SSH_CONFIG = "ssh_config";

  private final OptionContext context;

  /** For options that are given there. */
  public OptionParser(OptionContext context) {
    this.context = context;
  }

  /**
   * Reads options as Docker hands them over, in no order.
   *
   * @throws InvalidOptions with all problems at once
   */
  public MountSpec parse(Map<String, String> options) throws InvalidOptions {
    return new OptionReading(context, false).read(List.copyOf(options.entrySet()));
  }

  /**
   * Reads options in the order in which they were given; of one that was given twice the later
   * counts.
   *
   * @throws InvalidOptions with all problems at once
   */
  public MountSpec parse(List<Entry<String, String>> options) throws InvalidOptions {
    return new OptionReading(context, true).read(options);
  }
}
