package dev.mooring.sftp;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SubsystemChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server that says what a test has it say, and remembers what it was sent. One thread. */
final class ScriptedChannel implements SubsystemChannel {
  private final List<ByteBuffer> sent = new ArrayList<>();
  private @Nullable Receiver receiver;
  private boolean closed;

  @Override
  public void start(Receiver hearing) {
    receiver = hearing;
  }

  @Override
  public void send(List<ByteBuffer> packet) {
    if (!closed) {
      ByteBuffer whole = ByteBuffer.allocate(Requests.bytesOf(packet));
      packet.forEach(part -> whole.put(part.duplicate()));
      sent.add(whole.flip());
    }
  }

  @Override
  public void close() {
    end("closed by the client");
  }

  /** The server goes away. */
  void end(String reason) {
    if (!closed) {
      closed = true;
      hearing().closed(new ConnectionLost(reason));
    }
  }

  /** Sends these bytes to the client, who may have closed: then they were on their way. */
  void say(ByteBuffer bytes) {
    hearing().received(bytes.duplicate());
  }

  /** Greets as a server of version 3 without extensions. */
  void greet() {
    say(WireBytes.packet(PacketType.VERSION, 3, ""));
  }

  /** How many packets the client has sent, INIT among them. */
  int sent() {
    return sent.size();
  }

  /** The request id of the packet that was sent last. */
  int lastId() {
    return sent.getLast().getInt(PacketBuilder.ID_OFFSET);
  }

  boolean isClosed() {
    return closed;
  }

  private Receiver hearing() {
    if (receiver == null) {
      throw new IllegalStateException("not started");
    }
    return receiver;
  }
}
