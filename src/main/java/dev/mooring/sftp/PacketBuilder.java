package dev.mooring.sftp;

import dev.mooring.sftp.RemoteAttributes.Owner;
import dev.mooring.sftp.RemoteAttributes.Times;
import java.nio.ByteBuffer;

/**
 * Builds one request: length, type, request id, fields. The id is left open, for it is not known
 * before the request is sent.
 */
final class PacketBuilder {
  /** Where the request id stands in a packet: behind the length and the type. */
  static final int ID_OFFSET = 5;

  static final int ATTRIBUTE_SIZE = 0x1;
  static final int ATTRIBUTE_OWNER = 0x2;
  static final int ATTRIBUTE_MODE = 0x4;
  static final int ATTRIBUTE_TIMES = 0x8;
  static final int ATTRIBUTE_EXTENDED = 0x8000_0000;

  private static final int HEADER_BYTES = 9;

  /** The longest ATTRS without extended pairs: flags, size, owner, mode, times. */
  static final int MAX_ATTRIBUTES_BYTES = 4 + 8 + 8 + 4 + 8;

  private final ByteBuffer packet;

  /**
   * Begins one.
   *
   * @param fieldBytes room for what follows the request id
   */
  PacketBuilder(byte type, int fieldBytes) {
    packet = ByteBuffer.allocate(HEADER_BYTES + fieldBytes);
    packet.position(4).put(type).putInt(0);
  }

  PacketBuilder u32(int value) {
    packet.putInt(value);
    return this;
  }

  PacketBuilder u64(long value) {
    packet.putLong(value);
    return this;
  }

  /** A length and these bytes, whose position is left alone. */
  PacketBuilder string(ByteBuffer bytes) {
    packet.putInt(bytes.remaining());
    packet.put(bytes.duplicate());
    return this;
  }

  PacketBuilder path(RemotePath path) {
    return string(path.bytes());
  }

  PacketBuilder attributes(RemoteAttributes attributes) {
    Long size = attributes.size();
    Owner owner = attributes.owner();
    Integer mode = attributes.mode();
    Times times = attributes.times();
    packet.putInt(
        (size == null ? 0 : ATTRIBUTE_SIZE)
            | (owner == null ? 0 : ATTRIBUTE_OWNER)
            | (mode == null ? 0 : ATTRIBUTE_MODE)
            | (times == null ? 0 : ATTRIBUTE_TIMES));
    if (size != null) {
      packet.putLong(size);
    }
    if (owner != null) {
      packet.putInt(owner.uid()).putInt(owner.gid());
    }
    if (mode != null) {
      packet.putInt(mode);
    }
    if (times != null) {
      packet.putInt(seconds(times.accessedSeconds())).putInt(seconds(times.modifiedSeconds()));
    }
    return this;
  }

  /** The wire has 32 unsigned bits; what is outside of 1970 to 2106 would come out wrong. */
  private static int seconds(long seconds) {
    if (seconds < 0 || seconds > Times.MAX_SECONDS) {
      throw new IllegalArgumentException("SFTP version 3 cannot carry the time " + seconds);
    }
    return (int) seconds;
  }

  /** The finished packet. */
  ByteBuffer build() {
    return buildWithTail(0);
  }

  /** The finished packet but for its last {@code tailBytes}, which are sent behind it. */
  ByteBuffer buildWithTail(int tailBytes) {
    packet.putInt(0, packet.position() - 4 + tailBytes);
    return packet.flip();
  }
}
