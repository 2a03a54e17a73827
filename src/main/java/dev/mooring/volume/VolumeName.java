package dev.mooring.volume;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a volume is called. dockerd passes on whatever it is given ({@code a/b}, {@code ..}), so a
 * name is never used as a path.
 */
public record VolumeName(String value) {
  private static final int LONGEST = 255;
  private static final int DIRECTORY_BYTES = 16;

  /**
   * Refuses a name that could not be used later.
   *
   * @throws VolumeException saying which rule it breaks
   */
  void check() throws VolumeException {
    int length = value.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST) {
      throw new VolumeException(
          this, "has a name of " + length + " bytes", "give it one of 1 to " + LONGEST);
    }
    if (value.startsWith("/")) {
      // The name becomes part of a path of Docker's API, which drops a second slash.
      throw new VolumeException(
          this,
          "has a name that begins with a slash, with which Docker could neither inspect nor remove"
              + " it",
          "leave the slash out");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)
        || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new VolumeException(
          this, "has a name with characters that cannot be printed", "leave them out");
    }
  }

  /** A directory name for its mount point: the same for the same name, and for no other. */
  String directory() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, DIRECTORY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** As messages show it. */
  @Override
  public String toString() {
    return "\"" + value + "\"";
  }
}
