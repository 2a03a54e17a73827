package dev.mooring.ssh;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Waist B: a duplex stream of bytes that closes once, with a cause. Thread-safe; no method waits.
 */
public interface SubsystemChannel extends AutoCloseable {

  /** Hears what the server sends. All its calls come one after the other, on an I/O thread. */
  interface Receiver {
    /**
     * Bytes from the server, in order, cut anywhere. The buffer is valid until this returns. Must
     * not wait; throwing closes the channel with what was thrown as the cause.
     */
    void received(ByteBuffer bytes);

    /** The channel has closed. Called exactly once, after the last {@link #received}. */
    void closed(ConnectionLost cause);
  }

  /** Begins to receive; called once, before the first {@link #send}. */
  void start(Receiver receiver);

  /**
   * Queues one packet, given in parts, behind those sent before; packets are never interleaved. The
   * parts are read once, at any time until the reply to the packet arrives or the channel has
   * closed, so they must stay unchanged until then. After the channel has closed this does nothing.
   *
   * <p>The queue is as long as the sender makes it: {@code dev.mooring.sftp} bounds what is in
   * flight.
   */
  void send(List<ByteBuffer> packet);

  /** Closes it; {@link Receiver#closed} follows. Repeating it does nothing. */
  @Override
  void close();
}
