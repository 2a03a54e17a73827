package dev.mooring.ssh.mina;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.Signature;

/**
 * What we propose in a key exchange. Left out is what rests on SHA-1, MD5, CBC, DSA or 3DES, and
 * host certificates, for which we have no authority to check them with.
 */
final class Algorithms {
  /** AES-GCM first: the JDK does it with the CPU's instructions, chacha20 in plain Java. */
  private static final List<BuiltinCiphers> CIPHERS =
      List.of(
          BuiltinCiphers.aes128gcm,
          BuiltinCiphers.aes256gcm,
          BuiltinCiphers.aes128ctr,
          BuiltinCiphers.aes192ctr,
          BuiltinCiphers.aes256ctr,
          BuiltinCiphers.cc20p1305_openssh);

  private static final List<BuiltinMacs> MACS =
      List.of(
          BuiltinMacs.hmacsha256etm,
          BuiltinMacs.hmacsha512etm,
          BuiltinMacs.hmacsha256,
          BuiltinMacs.hmacsha512);

  private static final Set<String> OBSOLETE_SIGNATURES = Set.of("ssh-rsa", "ssh-dss");

  private Algorithms() {}

  /** The names of the ciphers that can be chosen, in our order of preference. */
  static List<String> cipherNames() {
    return CIPHERS.stream().map(BuiltinCiphers::getName).toList();
  }

  /** The ciphers of these names in this order, each one of {@link #cipherNames}; empty for ours. */
  static List<NamedFactory<Cipher>> ciphers(List<String> names) {
    List<String> wanted = names.isEmpty() ? cipherNames() : names;
    return List.copyOf(
        CIPHERS.stream()
            .filter(cipher -> wanted.contains(cipher.getName()))
            .sorted(Comparator.comparingInt(cipher -> wanted.indexOf(cipher.getName())))
            .toList());
  }

  /** Message authentication for the ciphers that need one: encrypt-then-MAC first. */
  static List<NamedFactory<Mac>> macs() {
    return List.copyOf(MACS);
  }

  /** The post-quantum ones and curve25519 first, as MINA orders them. */
  static List<KeyExchangeFactory> keyExchanges() {
    return ClientBuilder.setUpDefaultKeyExchanges(true).stream()
        .filter(exchange -> !exchange.getName().endsWith("-sha1"))
        .toList();
  }

  /**
   * Signatures for host keys and user keys.
   *
   * @param knownTypes key types of the host that we know: these come first, so that the server
   *     shows a key that can be compared
   */
  static List<NamedFactory<Signature>> signatures(Set<String> knownTypes) {
    return ClientBuilder.setUpDefaultSignatureFactories(true).stream()
        .filter(signature -> !OBSOLETE_SIGNATURES.contains(signature.getName()))
        .filter(signature -> !signature.getName().contains("-cert-"))
        .sorted(Comparator.comparing(signature -> !knownTypes.contains(keyType(signature))))
        .toList();
  }

  /** None, or zlib from after the login on. */
  static List<NamedFactory<Compression>> compressions(boolean compress) {
    return compress
        ? List.of(BuiltinCompressions.delayedZlib, BuiltinCompressions.none)
        : List.of(BuiltinCompressions.none);
  }

  private static String keyType(NamedFactory<Signature> signature) {
    return signature.getName().startsWith("rsa-sha2-") ? "ssh-rsa" : signature.getName();
  }
}
