package dev.mooring.volume;

import java.util.Locale;

/**
 * All that can be wrong with options, in the words in which people read it: {@link InvalidOptions}
 * says nothing else, and docs/TROUBLESHOOTING.md has an entry for each.
 *
 * <p>In the texts stand the details of the one case. What is wrong with a value goes on after the
 * option's name.
 */
public enum OptionTrouble {
  UNKNOWN("unknown option %s"),
  MISTYPED("unknown option %s, did you mean %s?"),
  CONTROL_IN_NAME("an option's name contains control characters"),
  TOO_MANY("%s options are more than the %s that are read"),
  GIVEN_TWICE("%s is given twice"),
  CONTRADICTION("%s and %s contradict each other: %s"),
  NO_SERVER("nothing to mount is named; give sshcmd=user@host:/directory"),

  CONTROL_IN_VALUE("contains control characters"),
  TOO_LONG("is longer than %s characters"),
  NO_FLAG("is on or off (true, yes, on, 1, or their opposites), not '%s'"),
  NO_TEXT("needs a value"),
  NO_MODE("must be octal digits such as 022, at most 777, not '%s'"),
  NO_TIME("must be a time such as 5, 0.5, 30s or 2m, not '%s'"),
  NO_NUMBER("must be %s from %s to %s, not '%s'"),
  NO_CHOICE("must be one of %s, not '%s'"),
  ALWAYS_SO("cannot be turned off: %s"),
  REFUSED("is refused: %s"),

  NO_COLON("has no colon behind the host; write user@host:/directory"),
  NO_HOST("names no host; write user@host:/directory"),
  NO_BRACKET("has no ']:' behind its address; write user@[::1]:/data"),
  BARE_IPV6("has an IPv6 address; put it in brackets, as in user@[::1]:/data"),
  IS_URL("is user@host:directory, not a URL; the port is an option of its own"),
  OPTIONS_INSIDE("contains options; give each by itself, as in -o IdentityFile=id_ed25519"),
  ODD_HOST("has '%s' for a host, which no host can be called"),
  ODD_USER("has '%s' for a user, which nobody can be called"),

  NOT_A_PATH("is not a path"),
  FILE_MISSING("names %s, which is not there; %s"),
  FILE_UNREADABLE("names %s, which cannot be read: %s"),
  LINK_OUTSIDE("names %s, a link that leads out of the key directory"),
  PUBLIC_KEY("names a public key, %s; give the private one, without .pub; %s"),
  NO_SOCKET("names no socket; %s"),
  SECRET_TOO_LONG("names %s, which is too long for a password"),
  SECRET_EMPTY("names %s, whose first line is empty"),
  SECRET_NOT_TEXT("names %s, which is not text in UTF-8"),
  ID_TABLE("names %s, whose line '%s' is not local:remote"),
  ID_UNKNOWN("names %s, whose '%s' is not known here; give its number instead"),

  NO_ALGORITHM("leaves none of the %s that there are: %s"),
  NO_METHOD("has none of publickey, password and keyboard-interactive, which there are"),
  REKEY_TOO_OFTEN("must be 1M or more, or no time is left for anything else"),
  NO_PIN("must be SHA256: and a fingerprint as ssh-keygen -l prints it, or a whole public key"),
  NO_WORKAROUND("has '%s', which sshfs does not know either"),
  TOO_MANY_HOPS("has more than %s hosts"),
  ENDLESS_HOPS("ProxyJump leads through more than %s hosts, or in a circle"),
  BARE_IPV6_HOP("has an IPv6 address; put it in brackets, as in user@[::1]:22"),

  MATCH("has Match in %s, which is not read here; write Host instead"),
  OPEN_QUOTE("has a quote without its end in %s"),
  CONFIG_TOO_LONG("names %s, which is too long"),
  TOO_MANY_INCLUDED("includes too many files, or itself: %s"),
  INCLUDE_OUTSIDE("includes %s, which is outside the key directory"),

  PROFILE_SAYS("%s is for the profile to say"),
  PROFILE_TOO_LONG("names %s, which is too long for a profile"),
  PROFILE_IN_PROFILE("names %s, which names a profile itself"),

  PROFILE_REQUIRED("volumes must name a profile (REQUIRE_PROFILE)" + Words.ASK),
  OPTION_FORBIDDEN("the options %s are not among ALLOWED_OPTIONS" + Words.ASK),
  HOST_FORBIDDEN("the host %s is not among ALLOWED_HOSTS" + Words.ASK),
  PATH_FORBIDDEN("the directory %s is not below any of ALLOWED_PATHS" + Words.ASK);

  /** What is said of more than one trouble. */
  private static final class Words {
    static final String ASK = "; whoever set up the plugin can change that with docker plugin set";

    private Words() {}
  }

  private final String text;

  OptionTrouble(String text) {
    this.text = text;
  }

  /** What is said of one case. */
  String of(Object... details) {
    return String.format(Locale.ROOT, text, details);
  }
}
