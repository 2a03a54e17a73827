package dev.mooring.volume;

import java.nio.file.Path;

/**
 * Where the options are given.
 *
 * @param keys the directory with private keys, known_hosts and password files
 * @param rememberedKeys the file in which new host keys are remembered
 * @param defaultUser who logs in where the source names nobody
 * @param policy the rules of whoever set up the plugin
 * @param allowOther whether other users may use the mount where no option says so
 */
public record OptionContext(
    KeyDirectory keys,
    Path rememberedKeys,
    String defaultUser,
    boolean allowOther,
    PluginPolicy policy) {

  /** Inside the plugin: keys come from one directory, containers have users of their own. */
  public static OptionContext plugin(Path keyDirectory, Path agents, Path rememberedKeys) {
    return new OptionContext(
        new KeyDirectory(keyDirectory, agents, false),
        rememberedKeys,
        "root",
        true,
        PluginPolicy.NONE);
  }

  /** The same under rules and with defaults for all volumes. */
  public OptionContext with(PluginPolicy rules) {
    return new OptionContext(keys, rememberedKeys, defaultUser, allowOther, rules);
  }

  /** On the command line: keys may lie anywhere, and the mount is for who makes it. */
  public static OptionContext commandLine(Path keyDirectory, Path rememberedKeys, String user) {
    return new OptionContext(
        new KeyDirectory(keyDirectory, keyDirectory, true),
        rememberedKeys,
        user,
        false,
        PluginPolicy.NONE);
  }
}
