package dev.mooring.sftp;

import dev.mooring.sftp.RemoteAttributes.Owner;
import dev.mooring.sftp.RemoteAttributes.Times;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one reply, each checked against what is left of the packet.
 *
 * <p>Every method throws {@link ProtocolViolation} when the packet ends too early. What it hands
 * out are copies: the bytes of the packet are only lent.
 */
final class PacketReader {
  private final ByteBuffer fields;

  PacketReader(ByteBuffer fields) {
    this.fields = fields;
  }

  boolean hasMore() {
    return fields.hasRemaining();
  }

  int u32() {
    need(4);
    return fields.getInt();
  }

  /** 64 raw bits. */
  long u64() {
    need(8);
    return fields.getLong();
  }

  /** An unsigned quantity; what does not fit in a long becomes {@link Long#MAX_VALUE}. */
  long quantity() {
    long value = u64();
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** A string of bytes, copied, read-only. */
  ByteBuffer string() {
    int length = u32();
    need(length);
    byte[] copy = new byte[length];
    fields.get(copy);
    return ByteBuffer.wrap(copy).asReadOnlyBuffer();
  }

  /** A string of bytes, copied. */
  byte[] bytes() {
    int length = u32();
    need(length);
    byte[] copy = new byte[length];
    fields.get(copy);
    return copy;
  }

  /** A string for people or for names, as UTF-8. */
  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  RemoteAttributes attributes() {
    int flags = u32();
    Long size = (flags & PacketBuilder.ATTRIBUTE_SIZE) == 0 ? null : quantity();
    Owner owner = (flags & PacketBuilder.ATTRIBUTE_OWNER) == 0 ? null : new Owner(u32(), u32());
    Integer mode = (flags & PacketBuilder.ATTRIBUTE_MODE) == 0 ? null : u32();
    Times times =
        (flags & PacketBuilder.ATTRIBUTE_TIMES) == 0 ? null : new Times(seconds(), seconds());
    if ((flags & PacketBuilder.ATTRIBUTE_EXTENDED) != 0) {
      skipExtendedPairs();
    }
    return new RemoteAttributes(size, owner, mode, times);
  }

  private long seconds() {
    return Integer.toUnsignedLong(u32());
  }

  private void skipExtendedPairs() {
    for (int pairs = count(8); pairs > 0; pairs--) {
      skipString();
      skipString();
    }
  }

  private void skipString() {
    int length = u32();
    need(length);
    fields.position(fields.position() + length);
  }

  /** How many elements follow, checked against what so many must take at least. */
  int count(int leastBytesEach) {
    int count = u32();
    if (count < 0 || count > fields.remaining() / leastBytesEach) {
      throw new ProtocolViolation(
          "%s elements in a packet with %d bytes left"
              .formatted(Integer.toUnsignedString(count), fields.remaining()));
    }
    return count;
  }

  private void need(int bytes) {
    if (bytes < 0 || bytes > fields.remaining()) {
      throw new ProtocolViolation(
          "a field of %s bytes in a packet with %d bytes left"
              .formatted(Integer.toUnsignedString(bytes), fields.remaining()));
    }
  }
}
