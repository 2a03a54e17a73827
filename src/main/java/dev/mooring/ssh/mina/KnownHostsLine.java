package dev.mooring.ssh.mina;

import dev.mooring.ssh.HostPattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A line of a known_hosts file, as sshd(8) describes them under SSH_KNOWN_HOSTS FILE FORMAT.
 *
 * @param marker {@code @revoked}, {@code @cert-authority} or empty
 * @param names patterns with commas between them, or one hashed name
 * @param key the key's encoded form
 */
record KnownHostsLine(
    Path file, int number, String marker, String names, String type, ByteBuffer key) {
  private static final String HASHED = "|1|";

  /**
   * Reads a line that is neither empty nor a comment.
   *
   * @throws IllegalArgumentException when it cannot be understood
   */
  static KnownHostsLine parse(Path file, int number, String text) {
    List<String> words = List.of(text.strip().split("[ \t]+", 5));
    String marker = words.getFirst().startsWith("@") ? words.getFirst() : "";
    int first = marker.isEmpty() ? 0 : 1;
    if (words.size() < first + 3) {
      throw new IllegalArgumentException("it has fewer than three fields");
    }
    ByteBuffer key = ByteBuffer.wrap(Base64.getDecoder().decode(words.get(first + 2)));
    return new KnownHostsLine(
        file, number, marker, words.get(first), words.get(first + 1), key.asReadOnlyBuffer());
  }

  /** Whether it says that the key must not be accepted. */
  boolean revoked() {
    return marker.equals("@revoked");
  }

  /** Whether its key is an authority's, whose certificates are good. */
  boolean authority() {
    return marker.equals("@cert-authority");
  }

  /** Whether its key is the host's own and good. */
  boolean plain() {
    return marker.isEmpty();
  }

  /** Whether it has this key. */
  boolean has(PublicKey candidate) {
    return key.equals(PublicKeys.encoded(candidate));
  }

  /** Where it stands. */
  String place() {
    return file + " line " + number;
  }

  /**
   * Whether it is about this host.
   *
   * @param name in lower case, with brackets and port unless the port is 22
   */
  boolean isAbout(String name) {
    if (names.startsWith(HASHED)) {
      return isHashOf(name);
    }
    return HostPattern.anyMatches(List.of(names.split(",", -1)), name);
  }

  /** {@code |1|salt|hash} with an HMAC-SHA1 of the name, which hides names, not more. */
  private boolean isHashOf(String name) {
    try {
      int bar = names.indexOf('|', HASHED.length());
      byte[] salt = Base64.getDecoder().decode(names.substring(HASHED.length(), bar));
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(salt, "HmacSHA1"));
      return MessageDigest.isEqual(
          mac.doFinal(name.getBytes(StandardCharsets.UTF_8)),
          Base64.getDecoder().decode(names.substring(bar + 1)));
    } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
  }
}
