package dev.mooring.ssh.mina;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.ServerText;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTarget;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.channel.ChannelSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A session channel without MINA's streams: the array that was decrypted goes to the receiver as it
 * is, and what is sent is packed straight into SSH packets.
 */
final class MinaSubsystemChannel extends ChannelSession implements SubsystemChannel {
  /**
   * How many bytes are taken in before the server hears that its window is larger by as many. Each
   * such message costs an encryption and a system call; the window is 32 times as large.
   */
  private static final int WINDOW_STEP_BYTES = 512 * 1024;

  /** With this status the server's shell says that there is no such program. */
  private static final int NOT_FOUND = 127;

  private final SshTarget target;
  private final String subsystem;
  private final ConnectionEvents events;
  private final OutgoingPackets outgoing = new OutgoingPackets(this, this::fail);
  private final IncomingBytes incoming = new IncomingBytes();
  private final CompletableFuture<SubsystemChannel> agreed = new CompletableFuture<>();
  private final ErrorText errorText = new ErrorText();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean closedByUs;

  /** Bytes received of which the server's window has not heard; only for the I/O thread. */
  private int unreleased;

  MinaSubsystemChannel(SshTarget target, String subsystem, ConnectionEvents events) {
    this.target = target;
    this.subsystem = subsystem;
    this.events = events;
    addCloseFutureListener(_ -> ended());
  }

  /** Completes when the server has agreed to the subsystem. */
  CompletableFuture<SubsystemChannel> opened() {
    return agreed;
  }

  @Override
  public void start(Receiver receiver) {
    incoming.start(receiver);
  }

  @Override
  public void send(List<ByteBuffer> packet) {
    outgoing.add(packet);
  }

  /** Announces the end at once: a server that hangs may never confirm it. */
  @Override
  public void close() {
    closedByUs = true;
    ended();
    close(false);
  }

  @Override
  protected void doOpen() throws IOException {
    boolean command = isCommand();
    Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putUInt(getRecipient());
    buffer.putString(command ? Channel.CHANNEL_EXEC : Channel.CHANNEL_SUBSYSTEM);
    buffer.putBoolean(true);
    buffer.putString(subsystem);
    writePacket(buffer);
  }

  @Override
  public void handleSuccess() {
    if (!agreed.complete(this)) {
      close();
    }
  }

  @Override
  public void handleFailure() {
    agreed.completeExceptionally(
        isCommand()
            ? refusal(SshTrouble.NO_COMMAND, subsystem)
            : refusal(SshTrouble.NO_SUBSYSTEM, subsystem));
    close();
  }

  @Override
  public void handleOpenFailure(Buffer buffer) {
    int position = buffer.rpos();
    buffer.getInt();
    agreed.completeExceptionally(
        refusal(SshTrouble.NO_CHANNEL, ServerText.escape(buffer.getString())));
    buffer.rpos(position);
    super.handleOpenFailure(buffer);
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    try {
      incoming.received(ByteBuffer.wrap(data, offset, (int) length));
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    release((int) length);
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int offset, long length) throws IOException {
    errorText.append(data, offset, (int) length);
    release((int) length);
  }

  @Override
  public void handleWindowAdjust(Buffer buffer) throws IOException {
    super.handleWindowAdjust(buffer);
    outgoing.drain();
  }

  @Override
  public void handleEof() throws IOException {
    super.handleEof();
    // Nothing can be answered any more. The exit status still follows before the channel's end.
    close(false);
  }

  private void release(int length) throws IOException {
    unreleased += length;
    if (unreleased >= WINDOW_STEP_BYTES) {
      int released = unreleased;
      unreleased = 0;
      getLocalWindow().release(released);
    }
  }

  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    close(true);
  }

  private void ended() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    outgoing.close();
    ConnectionLost cause = cause();
    agreed.completeExceptionally(cause);
    incoming.end(cause);
  }

  /** The best that is known: our own reason, the program's last words, the connection's end. */
  private ConnectionLost cause() {
    Throwable thrown = failure.get();
    if (thrown instanceof ConnectionLost lost) {
      return lost;
    }
    if (thrown != null) {
      return new ConnectionLost(
          "the channel was closed after an error: " + ServerText.escape(String.valueOf(thrown)),
          thrown);
    }
    if (closedByUs) {
      return new ConnectionLost("the channel was closed on this side");
    }
    if (getExitStatus() != null || getExitSignal() != null) {
      return new ConnectionLost(
          "the server's " + subsystem + " ended " + howItEnded() + errorText.quoted());
    }
    if (getSession().isClosing()) {
      return new ConnectionLost(
          "the SSH connection is lost: " + events.explanation() + errorText.quoted());
    }
    return new ConnectionLost("the server closed the channel" + errorText.quoted());
  }

  private String howItEnded() {
    Integer status = getExitStatus();
    if (status == null) {
      return "by signal " + ServerText.escape(getExitSignal());
    }
    return "with status "
        + status
        + (status == NOT_FOUND ? ", which means that it is not installed" : "");
  }

  private boolean isCommand() {
    return subsystem.indexOf('/') >= 0;
  }

  private SshFailure refusal(SshTrouble trouble, String detail) {
    return new SshFailure(trouble, target.toString(), null, detail);
  }
}
