package dev.mooring.ssh.mina;

import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An ssh-agent behind a Unix socket; MINA's own needs a native library for that. Each request has a
 * connection of its own, since an agent is asked twice in the life of an SSH connection. Waits for
 * the agent until {@link #abort}.
 */
final class AgentClient extends AbstractAgentProxy {
  private static final int MAX_REPLY = 256 * 1024;

  private final Path socket;
  private volatile @Nullable SocketChannel asking;
  private volatile boolean aborted;

  AgentClient(Path socket) {
    super(null);
    this.socket = socket;
  }

  /** The keys that it holds. */
  List<LoadedKey> keys(SshTarget target) throws SshFailure {
    try {
      List<LoadedKey> keys = new ArrayList<>();
      for (Map.Entry<PublicKey, String> identity : getIdentities()) {
        KeyPair pair = new KeyPair(identity.getKey(), null);
        keys.add(new LoadedKey("the agent at " + socket, pair, this));
      }
      return keys;
    } catch (IOException e) {
      throw Files.exists(socket)
          ? silence(target, String.valueOf(e.getMessage()), e)
          : new SshFailure(SshTrouble.AGENT_MISSING, target.toString(), e, socket);
    }
  }

  /** It is there, and of no use. */
  SshFailure silence(SshTarget target, String reason, @Nullable Throwable cause) {
    return new SshFailure(SshTrouble.AGENT_SILENT, target.toString(), cause, socket, reason);
  }

  /** Whether an answer of it is waited for. */
  boolean isAsked() {
    return asking != null;
  }

  /** Ends what waits for it. */
  void abort() {
    aborted = true;
    SocketChannel channel = asking;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        log.debug("closing the connection to {}", socket, e);
      }
    }
  }

  @Override
  public boolean isOpen() {
    return !aborted;
  }

  @Override
  protected Buffer request(Buffer buffer) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      asking = channel;
      if (aborted) {
        throw new IOException("nobody waits for it any more");
      }
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer request = ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available());
      while (request.hasRemaining()) {
        channel.write(request);
      }
      int length = read(channel, Integer.BYTES).getInt(0);
      if (length < 1 || length > MAX_REPLY) {
        throw new IOException("it says that its reply has " + length + " bytes");
      }
      return new ByteArrayBuffer(read(channel, length).array());
    } finally {
      asking = null;
    }
  }

  private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("it closed the connection");
      }
    }
    return bytes;
  }
}
