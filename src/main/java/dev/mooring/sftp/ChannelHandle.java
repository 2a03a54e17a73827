package dev.mooring.sftp;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A handle and the channel that it is good for.
 *
 * @param bytes as the server gave them out, read-only
 */
record ChannelHandle(SftpChannel channel, ByteBuffer bytes) implements RemoteHandle {
  /** The draft's bound. */
  static final int MAX_BYTES = 256;

  ChannelHandle {
    if (bytes.remaining() > MAX_BYTES) {
      throw new ProtocolViolation("a handle of " + bytes.remaining() + " bytes");
    }
  }

  /** A handle that came when nobody waited for it any more would stay open on the server. */
  static void closeUnwanted(@Nullable Object value) {
    if (value instanceof ChannelHandle late) {
      late.channel().close(late);
    }
  }

  @Override
  public long epoch() {
    return channel.epoch();
  }

  @Override
  public boolean isLive() {
    return channel.isOpen();
  }

  @Override
  public String toString() {
    return "handle of channel " + epoch() + (isLive() ? "" : ", which has closed");
  }
}
