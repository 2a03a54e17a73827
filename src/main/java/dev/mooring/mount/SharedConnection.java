package dev.mooring.mount;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Pace;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One connection of a {@link ConnectionPool}, and how many channels are on it. Thread-safe. */
final class SharedConnection {
  private final SshConnection connection;
  private final Consumer<SharedConnection> idle;

  @GuardedBy("this")
  private int channels;

  /** Whether it ever had a channel. */
  @GuardedBy("this")
  private boolean served;

  /** The server has refused a channel; while none has closed since, it would refuse another. */
  @GuardedBy("this")
  private boolean full;

  /**
   * Of a connection without channels.
   *
   * @param idle told when the last channel has closed
   */
  SharedConnection(SshConnection connection, Consumer<SharedConnection> idle) {
    this.connection = connection;
    this.idle = idle;
  }

  boolean isAlive() {
    return !connection.closed().isDone();
  }

  synchronized boolean isIdle() {
    return channels == 0;
  }

  synchronized boolean isFull() {
    return full;
  }

  /** Takes room for one channel, which {@link #open} must follow; false where there is none. */
  synchronized boolean reserve() {
    if (full) {
      return false;
    }
    channels++;
    return true;
  }

  /**
   * Opens the channel that was reserved.
   *
   * @throws SshFailure when the server refuses it; because of its limit if {@link #isFull} then
   */
  Channel open(String subsystem, Caller caller, Pace pace) throws IOException {
    CompletableFuture<SubsystemChannel> opened = connection.open(subsystem);
    try {
      SubsystemChannel channel = Waiting.result(opened, caller, pace);
      synchronized (this) {
        served = true;
      }
      return new Channel(this, channel);
    } catch (IOException e) {
      opened.thenAccept(SubsystemChannel::close);
      gone(e instanceof SshFailure);
      throw e;
    }
  }

  private void gone(boolean refused) {
    boolean last;
    boolean worn;
    synchronized (this) {
      channels--;
      last = channels == 0;
      full = refused && !last;
      worn = refused && last && served;
    }
    if (worn) {
      // Its channels have closed for us, but not for a server whose processes hang.
      close();
    }
    if (last) {
      idle.accept(this);
    }
  }

  /** Closes it and all its channels. Never waits. */
  void close() {
    connection.close();
  }

  /** A channel that tells its connection when it has closed. */
  static final class Channel implements SubsystemChannel {
    private final SharedConnection shared;
    private final SubsystemChannel channel;
    private final AtomicBoolean over = new AtomicBoolean();

    Channel(SharedConnection shared, SubsystemChannel channel) {
      this.shared = shared;
      this.channel = channel;
    }

    /** What it is on, as the pool knows it. */
    SharedConnection shared() {
      return shared;
    }

    /** What it is on. */
    SshConnection connection() {
      return shared.connection;
    }

    private void over() {
      if (!over.getAndSet(true)) {
        shared.gone(false);
      }
    }

    @Override
    public void start(Receiver receiver) {
      channel.start(
          new Receiver() {
            @Override
            public void received(ByteBuffer bytes) {
              receiver.received(bytes);
            }

            @Override
            public void closed(ConnectionLost cause) {
              over();
              receiver.closed(cause);
            }
          });
    }

    @Override
    public void send(List<ByteBuffer> packet) {
      channel.send(packet);
    }

    @Override
    public void close() {
      over();
      channel.close();
    }
  }
}
