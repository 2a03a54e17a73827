package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.PassedPhase;
import dev.mooring.ssh.ServerText;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.ConnectionService;

/** A MINA session that has logged in. */
final class MinaConnection implements SshConnection {
  private final SshTarget target;
  private final ClientSession session;
  private final ConnectionEvents events;
  private final List<PassedPhase> passed;

  MinaConnection(
      SshTarget target, ClientSession session, ConnectionEvents events, List<PassedPhase> passed) {
    this.target = target;
    this.session = session;
    this.events = events;
    this.passed = passed;
  }

  SshTarget target() {
    return target;
  }

  /** Where, on this machine, one connection can be made that ends at the other host. May wait. */
  InetSocketAddress tunnel(SshTarget to, Duration time) throws IOException {
    return Tunnel.open(session, to, time);
  }

  /** Has it given up when it hangs and a login beside it succeeds. */
  void watch(StallWatch.Login again) {
    IoSession socket = session.getIoSession();
    watch(
        () -> TcpTable.retransmissions(socket.getLocalAddress(), socket.getRemoteAddress()), again);
  }

  /** The same with another word on how often the kernel has sent something again. */
  void watch(IntSupplier retransmissions, StallWatch.Login again) {
    StallWatch.watch(session, events, retransmissions, again);
  }

  @Override
  public List<PassedPhase> passed() {
    return passed;
  }

  @Override
  public String hostKeyFingerprint() {
    return PublicKeys.fingerprint(session.getServerKey());
  }

  @Override
  public String serverVersion() {
    return ServerText.escape(session.getServerVersion());
  }

  @Override
  public CompletableFuture<SubsystemChannel> open(String subsystem) {
    MinaSubsystemChannel channel = new MinaSubsystemChannel(target, subsystem, events);
    try {
      session.getService(ConnectionService.class).registerChannel(channel);
      channel.open();
    } catch (IOException | RuntimeException e) {
      channel.opened().completeExceptionally(lost(e));
    }
    return channel.opened();
  }

  @Override
  public CompletableFuture<ConnectionLost> closed() {
    return events.closed().copy();
  }

  @Override
  public void close() {
    events.closingByUs();
    // Not in good order: a server that hangs would never confirm it.
    session.close(true);
  }

  private ConnectionLost lost(Exception cause) {
    return new ConnectionLost("the SSH connection is lost: " + events.explanation(), cause);
  }
}
