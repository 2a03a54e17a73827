package dev.mooring.volume;

import java.util.Locale;

/**
 * All that the plugin refuses about volumes apart from their options, in the words in which people
 * read it; docs/TROUBLESHOOTING.md has an entry for each. In the texts stand the details of the one
 * case.
 */
public enum VolumeTrouble {
  UNKNOWN("volume %s does not exist; make it with docker volume create"),
  OTHER_OPTIONS(
      "volume %s exists with other options (%s); remove it first, the files on the server stay, or"
          + " take another name"),
  NAME_LENGTH("volume %s has a name of %s bytes; give it one of 1 to %s"),
  NAME_UNREACHABLE(
      "volume %s has a name with an empty part, a dot or two dots between slashes, under which"
          + " Docker could neither inspect nor remove it; %s"),
  NAME_UNPRINTABLE("volume %s has a name with characters that cannot be printed; leave them out"),
  STATE_UNREADABLE("the plugin's state cannot be read: %s"),
  STATE_NOT_SAVED("the plugin cannot save its state: %s");

  private final String text;

  VolumeTrouble(String text) {
    this.text = text;
  }

  /** What is said of one case. */
  String of(Object... details) {
    return String.format(Locale.ROOT, text, details);
  }
}
