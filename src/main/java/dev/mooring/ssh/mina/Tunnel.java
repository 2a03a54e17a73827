package dev.mooring.ssh.mina;

import dev.mooring.ssh.SshTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one TCP connection of this machine through an SSH connection to another host, as ssh's
 * ProxyJump does. It ends when either side does.
 */
final class Tunnel {
  private static final Logger log = LoggerFactory.getLogger(Tunnel.class);
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ChannelDirectTcpip channel;
  private final ServerSocket entrance;

  private Tunnel(ChannelDirectTcpip channel, ServerSocket entrance) {
    this.channel = channel;
    this.entrance = entrance;
  }

  /**
   * Opens one. Waits for the host in between.
   *
   * @return where the first who connects gets through; nobody else does
   */
  static InetSocketAddress open(ClientSession through, SshTarget to, Duration time)
      throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ChannelDirectTcpip channel =
        through.createDirectTcpipChannel(
            new SshdSocketAddress(loopback.getHostAddress(), 0),
            new SshdSocketAddress(to.host(), to.port()));
    channel.open().verify(time);
    ServerSocket entrance = new ServerSocket(0, 1, loopback);
    entrance.setSoTimeout(Math.toIntExact(time.toMillis()));
    Thread.ofVirtual().name("tunnel-" + to.host()).start(new Tunnel(channel, entrance)::carry);
    return new InetSocketAddress(loopback, entrance.getLocalPort());
  }

  private void carry() {
    try (entrance;
        Socket socket = entrance.accept()) {
      entrance.close();
      socket.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copyOut(socket));
      copy(channel.getInvertedOut(), socket.getOutputStream());
    } catch (IOException e) {
      log.debug("a tunnel ends", e);
    } finally {
      channel.close(true);
    }
  }

  private void copyOut(Socket socket) {
    try {
      copy(socket.getInputStream(), channel.getInvertedIn());
    } catch (IOException e) {
      log.debug("a tunnel ends", e);
    } finally {
      channel.close(true);
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }
}
