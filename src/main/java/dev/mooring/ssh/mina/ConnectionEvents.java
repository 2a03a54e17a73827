package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.ServerText;
import dev.mooring.ssh.SshFailure;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.sshd.client.auth.pubkey.PublicKeyAuthenticationReporter;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.jspecify.annotations.Nullable;

/**
 * Notes what happens to one connection, so that its end can be explained. Called on I/O threads;
 * never waits.
 */
final class ConnectionEvents implements SessionListener, PublicKeyAuthenticationReporter {
  private final CompletableFuture<Void> keysExchanged = new CompletableFuture<>();
  private final CompletableFuture<ConnectionLost> closed = new CompletableFuture<>();
  private final Set<String> keysTried = new ConcurrentSkipListSet<>();
  private volatile List<String> methodsOffered = List.of();
  private volatile @Nullable String disconnectMessage;
  private volatile @Nullable Throwable exception;
  private volatile @Nullable SshFailure hostKeyRefusal;
  private volatile boolean closedByUs;
  private volatile String accepted = "password";

  /** Completes when the first key exchange is done; fails when the connection closes before. */
  CompletableFuture<Void> keysExchanged() {
    return keysExchanged;
  }

  /** Completes when the connection has closed. */
  CompletableFuture<ConnectionLost> closed() {
    return closed;
  }

  /** The login methods that the server's latest refusal named. */
  List<String> methodsOffered() {
    return methodsOffered;
  }

  /** The keys that the server was asked to accept, type and fingerprint. */
  Set<String> keysTried() {
    return keysTried;
  }

  /** What the server let us in for. */
  String accepted() {
    return accepted;
  }

  /** Why the host key was refused; null unless it was. */
  @Nullable SshFailure hostKeyRefusal() {
    return hostKeyRefusal;
  }

  void refuseHostKey(SshFailure refusal) {
    hostKeyRefusal = refusal;
  }

  /** The server refused a login, and named the methods that could go on. */
  void offered(List<String> methods) {
    methodsOffered = methods.stream().map(ServerText::escape).toList();
  }

  void closingByUs() {
    closedByUs = true;
  }

  /** The best explanation of the end so far, in words that continue "the connection is lost:". */
  String explanation() {
    String message = disconnectMessage;
    Throwable thrown = exception;
    if (message != null) {
      return message;
    }
    if (thrown != null) {
      return ServerText.escape(
          thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage());
    }
    return closedByUs ? "it was closed on this side" : "the server closed it without a word";
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    // Not KexCompleted: that one comes before the host key has been checked.
    if (event == Event.KeyEstablished) {
      keysExchanged.complete(null);
    }
  }

  @Override
  public void sessionException(Session session, Throwable thrown) {
    // The first is the cause, later ones are its consequences.
    if (exception == null) {
      exception = thrown;
    }
  }

  @Override
  public void sessionDisconnect(
      Session session, int reason, String message, @Nullable String language, boolean byUs) {
    if (disconnectMessage == null && !(byUs && closedByUs)) {
      disconnectMessage =
          (byUs ? "ended on this side: " : "the server disconnected: ")
              + ServerText.escape(message);
    }
  }

  @Override
  public void sessionClosed(Session session) {
    ConnectionLost lost =
        new ConnectionLost("the SSH connection is lost: " + explanation(), exception);
    keysExchanged.completeExceptionally(lost);
    closed.complete(lost);
  }

  @Override
  public void signalAuthenticationAttempt(
      ClientSession session, String service, KeyPair identity, String signature) {
    keysTried.add(PublicKeys.describe(identity.getPublic()));
  }

  @Override
  public void signalAuthenticationSuccess(ClientSession session, String service, KeyPair identity) {
    accepted = PublicKeys.describe(identity.getPublic());
  }
}
