package dev.mooring.testing;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's own reading and writing of packets, apart from the client's, so that both count. */
final class ServedPacket {
  private static final int SIZE = 1;
  private static final int OWNER = 2;
  private static final int MODE = 4;
  private static final int TIMES = 8;
  private static final int MAX_BYTES = 300_000;

  private ServedPacket() {}

  static byte[] bytes(ByteBuffer packet) {
    byte[] bytes = new byte[packet.getInt()];
    packet.get(bytes);
    return bytes;
  }

  static String text(ByteBuffer packet) {
    return new String(bytes(packet), StandardCharsets.UTF_8);
  }

  /** The changes that ATTRS ask for, each on its own, in the order in which OpenSSH makes them. */
  static List<AttributeChange> changes(ByteBuffer packet) {
    int flags = packet.getInt();
    List<AttributeChange> changes = new ArrayList<>();
    if ((flags & SIZE) != 0) {
      changes.add(AttributeChange.ofSize(packet.getLong()));
    }
    @Nullable AttributeChange owner =
        (flags & OWNER) == 0 ? null : AttributeChange.ofOwner(packet.getInt(), packet.getInt());
    if ((flags & MODE) != 0) {
      changes.add(AttributeChange.ofPermissions(packet.getInt() & Attributes.PERMISSION_BITS));
    }
    if ((flags & TIMES) != 0) {
      changes.add(AttributeChange.ofTimes(time(packet), time(packet)));
    }
    if (owner != null) {
      changes.add(owner);
    }
    return changes;
  }

  private static TimeChange time(ByteBuffer packet) {
    return new TimeChange.Set(Integer.toUnsignedLong(packet.getInt()));
  }

  /** A reply of this type, without its length yet. */
  static ByteBuffer begin(int type, int id) {
    return ByteBuffer.allocate(MAX_BYTES).putInt(0).put((byte) type).putInt(id);
  }

  static ByteBuffer end(ByteBuffer reply) {
    return reply.putInt(0, reply.position() - 4).flip();
  }

  static ByteBuffer string(ByteBuffer reply, String text) {
    return string(reply, text.getBytes(StandardCharsets.UTF_8));
  }

  static ByteBuffer string(ByteBuffer reply, byte[] bytes) {
    return reply.putInt(bytes.length).put(bytes);
  }

  static ByteBuffer attributes(ByteBuffer reply, Attributes attributes) {
    return reply
        .putInt(SIZE | OWNER | MODE | TIMES)
        .putLong(attributes.size())
        .putInt(attributes.uid())
        .putInt(attributes.gid())
        .putInt(attributes.mode())
        .putInt((int) attributes.accessedSeconds())
        .putInt((int) attributes.modifiedSeconds());
  }
}
