package dev.mooring.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** An ed25519 key in OpenSSH's format, made when it is first asked for. */
final class KeyFile {
  private static final int ED25519_BITS = 256;

  private KeyFile() {}

  /** Reads the key; where there is none, makes it with mode 0600, and {@code .pub} beside it. */
  static KeyPair loadOrMake(Path file) throws IOException {
    try {
      return Files.exists(file) ? load(file) : make(file);
    } catch (GeneralSecurityException e) {
      throw new IOException("key " + file + " cannot be used", e);
    }
  }

  private static KeyPair load(Path file) throws IOException, GeneralSecurityException {
    try (var stream = Files.newInputStream(file)) {
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), stream, FilePasswordProvider.EMPTY);
      Iterator<KeyPair> iterator = pairs.iterator();
      return iterator.next();
    }
  }

  private static KeyPair make(Path file) throws IOException, GeneralSecurityException {
    KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, ED25519_BITS);
    var writer = OpenSSHKeyPairResourceWriter.INSTANCE;
    ByteArrayOutputStream secret = new ByteArrayOutputStream();
    writer.writePrivateKey(pair, "mooring", null, secret);
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap(secret.toByteArray()));
    }
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    writer.writePublicKey(pair.getPublic(), "mooring", open);
    Files.write(file.resolveSibling(file.getFileName() + ".pub"), open.toByteArray());
    return pair;
  }
}
