package dev.mooring.ssh.mina;

import dev.mooring.ssh.AlgorithmKind;
import dev.mooring.ssh.ConnectionSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/** MINA's factories of what the settings name, to be proposed in a key exchange. */
final class Algorithms {
  private static final String CERTIFICATE = "-cert-v01@openssh.com";

  private final ConnectionSettings settings;

  Algorithms(ConnectionSettings settings) {
    this.settings = settings;
  }

  List<NamedFactory<Cipher>> ciphers() {
    return List.copyOf(
        names(AlgorithmKind.CIPHER)
            .map(BuiltinCiphers::fromFactoryName)
            .filter(known -> known != null && known.isSupported())
            .toList());
  }

  List<NamedFactory<Mac>> macs() {
    return List.copyOf(
        names(AlgorithmKind.MAC)
            .map(BuiltinMacs::fromFactoryName)
            .filter(known -> known != null && known.isSupported())
            .toList());
  }

  List<KeyExchangeFactory> keyExchanges() {
    return names(AlgorithmKind.KEY_EXCHANGE)
        .map(BuiltinDHFactories::fromFactoryName)
        .filter(known -> known != null && known.isSupported())
        .map(ClientBuilder.DH2KEX)
        .toList();
  }

  /**
   * For host keys.
   *
   * @param knownTypes key types of the host that we know: these come first, so that the server
   *     shows a key that can be compared
   * @param certificates whether an authority is known; then certificates come before all
   */
  List<NamedFactory<Signature>> hostKeys(Set<String> knownTypes, boolean certificates) {
    Stream<String> names = names(AlgorithmKind.HOST_KEY);
    if (!settings.algorithms().containsKey(AlgorithmKind.HOST_KEY)) {
      names =
          names
              .filter(name -> certificates || !name.endsWith(CERTIFICATE))
              .sorted(
                  Comparator.comparing((String name) -> !name.endsWith(CERTIFICATE))
                      .thenComparing(name -> !knownTypes.contains(keyType(name))));
    }
    return signatures(names);
  }

  /** For the keys that we log in with. */
  List<NamedFactory<Signature>> userKeys() {
    return signatures(names(AlgorithmKind.USER_KEY));
  }

  /** None, or zlib from after the login on. */
  List<NamedFactory<Compression>> compressions() {
    return settings.compression()
        ? List.of(BuiltinCompressions.delayedZlib, BuiltinCompressions.none)
        : List.of(BuiltinCompressions.none);
  }

  private Stream<String> names(AlgorithmKind kind) {
    return settings.algorithms(kind).stream();
  }

  private static List<NamedFactory<Signature>> signatures(Stream<String> names) {
    return List.copyOf(
        names
            .map(BuiltinSignatures::fromFactoryName)
            .filter(known -> known != null && known.isSupported())
            .toList());
  }

  private static String keyType(String signature) {
    return signature.startsWith("rsa-sha2-") ? "ssh-rsa" : signature;
  }
}
