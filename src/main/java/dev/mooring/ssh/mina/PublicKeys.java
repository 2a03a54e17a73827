package dev.mooring.ssh.mina;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** How a public key looks to people, in files and on the wire. */
final class PublicKeys {
  private PublicKeys() {}

  /** The name of its type, such as {@code ssh-ed25519}. */
  static String type(PublicKey key) {
    return KeyUtils.getKeyType(key);
  }

  /** {@code SHA256:} and the digest, as ssh-keygen -l prints it; of a certificate its key's. */
  static String fingerprint(PublicKey key) {
    return key instanceof OpenSshCertificate certificate
        ? fingerprint(certificate.getCertPubKey())
        : fingerprint(encoded(key));
  }

  /** The fingerprint of a key in its encoded form. */
  static String fingerprint(ByteBuffer encoded) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(encoded.duplicate());
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Type and fingerprint. */
  static String describe(PublicKey key) {
    return type(key) + " " + fingerprint(key);
  }

  /** The key as a {@code .pub} file and known_hosts have it, behind the type. */
  static String base64(PublicKey key) {
    return Base64.getEncoder().encodeToString(bytes(key));
  }

  /** The key's bytes on the wire, read-only. */
  static ByteBuffer encoded(PublicKey key) {
    return ByteBuffer.wrap(bytes(key)).asReadOnlyBuffer();
  }

  private static byte[] bytes(PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return buffer.getCompactData();
  }
}
