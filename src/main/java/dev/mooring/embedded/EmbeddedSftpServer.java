package dev.mooring.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * Serves one directory over SFTP on 127.0.0.1, to whoever has the client key that it makes. The
 * user's name does not matter.
 */
public final class EmbeddedSftpServer implements AutoCloseable {
  private final SshServer server;
  private final KeyPair hostKey;
  private final Path clientKey;

  private EmbeddedSftpServer(SshServer server, KeyPair hostKey, Path clientKey) {
    this.server = server;
    this.hostKey = hostKey;
    this.clientKey = clientKey;
  }

  /**
   * Starts one.
   *
   * @param directory what clients see as {@code /}
   * @param keys where the host key and the client key are, or are made, for the owner only; should
   *     not be below {@code directory}
   * @param port where to listen; 0 for any that is free
   */
  public static EmbeddedSftpServer start(Path directory, Path keys, int port) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("no directory to serve: " + directory);
    }
    Files.createDirectories(keys);
    Path clientKey = keys.resolve("client_key");
    KeyPair hostPair = KeyFile.loadOrMake(keys.resolve("host_key"));
    KeyPair clientPair = KeyFile.loadOrMake(clientKey);
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(port);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostPair));
    server.setPublickeyAuthenticator(
        (_, key, _) -> KeyUtils.compareKeys(key, clientPair.getPublic()));
    server.setFileSystemFactory(new VirtualFileSystemFactory(directory.toAbsolutePath()));
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    // A mount may be idle for days.
    CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
    server.start();
    return new EmbeddedSftpServer(server, hostPair, clientKey);
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  /** The private key that lets a client in; the public one is beside it, with {@code .pub}. */
  public Path clientKey() {
    return clientKey;
  }

  /** The SHA-256 fingerprint of its host key, as ssh-keygen -l prints it. */
  public String fingerprint() {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey.getPublic());
  }

  /** Ends all connections, at once. */
  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
