package dev.mooring.volume;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a volume is called. dockerd passes on whatever it is given ({@code a/b}, {@code ..}), so a
 * name is never used as a path.
 */
public record VolumeName(String value) {
  private static final int LONGEST = 255;
  private static final int DIRECTORY_BYTES = 16;

  /** An empty part, {@code .} or {@code ..} between slashes, at the beginning or at the end. */
  private static final Pattern UNREACHABLE = Pattern.compile("(^|/)(|\\.|\\.\\.)(/|$)");

  /**
   * Refuses a name that could not be used later.
   *
   * @throws VolumeException saying which rule it breaks
   */
  void check() throws VolumeException {
    int length = value.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST) {
      throw new VolumeException(VolumeTrouble.NAME_LENGTH, null, this, length, LONGEST);
    }
    if (UNREACHABLE.matcher(value).find()) {
      // The name becomes part of a path of Docker's API, which tidies paths up.
      throw new VolumeException(
          VolumeTrouble.NAME_UNREACHABLE,
          null,
          this,
          value.startsWith("/") ? "leave the first slash out" : "give it another name");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)
        || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new VolumeException(VolumeTrouble.NAME_UNPRINTABLE, null, this);
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
