package dev.mooring.ssh.mina;

import java.net.SocketAddress;
import java.util.List;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A session that reads along which login methods the server offers: MINA keeps that list to itself,
 * and it is what a person needs who cannot log in. For host certificates it is connected to the
 * name that was asked for, and not to an address or to the entrance of a tunnel.
 */
final class ObservedSession extends ClientSessionImpl {
  ObservedSession(ClientFactoryManager client, IoSession io) throws Exception {
    super(client, io);
  }

  @Override
  public SocketAddress getConnectAddress() {
    ConnectAttempt attempt = getAttribute(ConnectAttempt.ATTEMPT);
    return attempt == null ? super.getConnectAddress() : attempt.certifiedAddress();
  }

  /** Heeds the limits that were set since it was made; MINA reads them once, when it makes it. */
  void heedLimits() {
    refreshConfiguration();
  }

  @Override
  protected void handleMessage(Buffer buffer) throws Exception {
    if ((buffer.array()[buffer.rpos()] & 0xff) == SshConstants.SSH_MSG_USERAUTH_FAILURE) {
      Buffer copy = new ByteArrayBuffer(buffer.array(), buffer.rpos() + 1, buffer.available() - 1);
      ConnectAttempt attempt = getAttribute(ConnectAttempt.ATTEMPT);
      if (attempt != null) {
        attempt.events().offered(List.of(copy.getString().split(",", -1)));
      }
    }
    super.handleMessage(buffer);
  }
}
