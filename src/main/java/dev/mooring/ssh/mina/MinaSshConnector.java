package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * Connects with Apache MINA SSHD. One is enough for a process. It reads the key and known-hosts
 * files it is given and nothing of the user's that it runs as.
 */
public final class MinaSshConnector implements SshConnector, AutoCloseable {
  private static final long WINDOW_BYTES = 16L << 20;

  private final SshClient client = SshClient.setUpDefaultClient();

  /** Starts MINA's timer; each connection has an I/O thread of its own. */
  public MinaSshConnector() {
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    // The session's own verifier takes its place before the key exchange begins.
    client.setServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE);
    client.setIoServiceFactoryFactory(new SocketServices());
    client.setSessionFactory(
        new SessionFactory(client) {
          @Override
          protected ObservedSession doCreateSession(IoSession io) throws Exception {
            return new ObservedSession(getClient(), io);
          }
        });
    // MINA reads a session's login methods and heartbeat when it makes its services, so this is
    // the last moment to set them.
    client.setServiceFactories(
        List.of(
            new ClientUserAuthServiceFactory() {
              @Override
              public Service create(Session session) throws IOException {
                prepare((ObservedSession) session);
                return super.create(session);
              }
            },
            ClientConnectionServiceFactory.INSTANCE));
    // docs/TRANSPORT.md has the reason for each.
    CoreModuleProperties.WINDOW_SIZE.set(client, WINDOW_BYTES);
    CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
    CoreModuleProperties.PASSWORD_PROMPTS.set(client, 1);
    client.start();
  }

  @Override
  public SshConnection connect(
      SshTarget target,
      Credentials credentials,
      HostKeyPolicy hostKeys,
      ConnectionSettings settings)
      throws SshFailure {
    ConnectChain chain = ConnectChain.of(target, credentials, hostKeys, settings);
    CompletableFuture<SshConnection> result = new CompletableFuture<>();
    // A platform thread: looking a name up is a native call, which would hold a carrier.
    Thread.ofPlatform()
        .daemon()
        .name("ssh-connect-" + target.host())
        .start(() -> run(chain, () -> connect(target, credentials, hostKeys, settings), result));
    try {
      return result.get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failureOf(target, e.getCause()).after(chain.passed());
    } catch (TimeoutException _) {
      throw abandon(chain, result, "no answer within " + seconds(settings.connectTimeout()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw abandon(chain, result, "interrupted");
    }
  }

  /** Closes all connections and ends the I/O threads. */
  @Override
  public void close() {
    client.stop();
  }

  private void run(
      ConnectChain chain, StallWatch.Login again, CompletableFuture<SshConnection> result) {
    try {
      MinaConnection connection = chain.run(client, again);
      if (!result.complete(connection)) {
        connection.close();
      }
    } catch (SshFailure | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /** Whoever completes the result first decides: a connection that comes too late is closed. */
  private static SshFailure abandon(
      ConnectChain chain, CompletableFuture<SshConnection> result, String reason) {
    SshFailure failure = chain.abort(reason).after(chain.passed());
    result.completeExceptionally(failure);
    result.thenAccept(SshConnection::close);
    return failure;
  }

  private static SshFailure failureOf(SshTarget target, @Nullable Throwable cause) {
    if (cause instanceof SshFailure failure) {
      return failure;
    }
    return new SshFailure(SshTrouble.UNFORESEEN, target.toString(), cause, String.valueOf(cause));
  }

  private static String seconds(Duration timeout) {
    return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
  }

  private static void prepare(ObservedSession session) {
    ConnectAttempt attempt = session.getConnectionContext().getAttribute(ConnectAttempt.ATTEMPT);
    if (attempt != null) {
      session.setAttribute(ConnectAttempt.ATTEMPT, attempt);
      attempt.prepare(session);
    }
  }
}
