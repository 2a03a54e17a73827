package dev.mooring.volume;

import dev.mooring.mount.MountDraft;
import java.util.regex.Pattern;

/** Reads {@code [user@]host:[directory]}, as sshfs(1) has it. */
final class Source {
  private static final Pattern OPTION_INSIDE = Pattern.compile("(^|\\s)-(o|p|F|C)(\\s|\\S)");
  private static final Pattern HEX_GROUP = Pattern.compile("[0-9a-fA-F]{0,4}");

  private Source() {}

  /** Sets user, where there is one, host and directory. */
  static void apply(MountDraft draft, String source) throws InvalidValue {
    if (OPTION_INSIDE.matcher(source).find()) {
      throw new InvalidValue(OptionTrouble.OPTIONS_INSIDE);
    }
    if (source.startsWith("ssh://") || source.startsWith("sftp://")) {
      throw new InvalidValue(OptionTrouble.IS_URL);
    }
    int colon = colonAfterHost(source);
    String login = source.substring(0, colon);
    String directory = source.substring(colon + 1);
    if (directory.startsWith(":")) {
      if (directory.indexOf(':', 1) >= 0 && HEX_GROUP.matcher(hostOf(login)).matches()) {
        throw new InvalidValue(OptionTrouble.BARE_IPV6);
      }
      draft.warn("'::' in " + source + " was taken as ':'");
      directory = directory.substring(1);
    }
    int at = login.lastIndexOf('@');
    if (at >= 0) {
      draft.ssh().user(user(login.substring(0, at)));
    }
    draft.ssh().host(host(login.substring(at + 1)));
    draft.directory(directory);
  }

  /** A host by itself, in brackets or not. */
  static String host(String text) throws InvalidValue {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String host = bracketed ? text.substring(1, text.length() - 1) : text;
    if (host.isEmpty()) {
      throw new InvalidValue(OptionTrouble.NO_HOST);
    }
    if (host.startsWith("-") || host.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidValue(OptionTrouble.ODD_HOST, host);
    }
    return host;
  }

  /** A user by itself. */
  static String user(String text) throws InvalidValue {
    if (text.isEmpty() || text.startsWith("-") || text.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidValue(OptionTrouble.ODD_USER, text);
    }
    return text;
  }

  private static String hostOf(String login) {
    return login.substring(login.lastIndexOf('@') + 1);
  }

  private static int colonAfterHost(String source) throws InvalidValue {
    int bracket = source.indexOf('[');
    int colon = source.indexOf(':');
    if (bracket >= 0 && bracket < colon && (bracket == 0 || source.charAt(bracket - 1) == '@')) {
      int end = source.indexOf("]:", bracket);
      if (end < 0) {
        throw new InvalidValue(OptionTrouble.NO_BRACKET);
      }
      return end + 1;
    }
    if (colon < 0) {
      throw new InvalidValue(OptionTrouble.NO_COLON);
    }
    return colon;
  }
}
