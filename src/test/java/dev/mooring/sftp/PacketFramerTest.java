package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFramerTest {
  private final List<String> heard = new ArrayList<>();
  private final ByteBuffer destination = ByteBuffer.allocate(32);

  private final PacketFramer framer =
      new PacketFramer(
          new PacketFramer.Sink() {
            @Override
            public void packet(byte type, int id, ByteBuffer fields) {
              String text = StandardCharsets.UTF_8.decode(fields).toString();
              heard.add(PacketType.nameOf(type) + " " + id + " " + text);
            }

            @Override
            public ByteBuffer destination(int id, int length) {
              return destination;
            }

            @Override
            public void dataArrived(int id, int length) {
              byte[] bytes = new byte[length];
              destination.get(destination.position(), bytes);
              heard.add("DATA " + id + " " + new String(bytes, StandardCharsets.UTF_8));
            }
          });

  private static ByteBuffer packet(byte type, int id, String fields) {
    byte[] bytes = fields.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(9 + bytes.length)
        .putInt(5 + bytes.length)
        .put(type)
        .putInt(id)
        .put(bytes)
        .flip();
  }

  private static ByteBuffer data(int id, String text) {
    return packet(PacketType.DATA, id, "\0\0\0" + (char) text.length() + text);
  }

  private static ByteBuffer joined(ByteBuffer... packets) {
    ByteBuffer all = ByteBuffer.allocate(200);
    for (ByteBuffer packet : packets) {
      all.put(packet);
    }
    return all.flip();
  }

  private static final List<String> ALL =
      List.of("STATUS 1 abc", "DATA 2 hello", "ATTRS 3 ", "DATA 4 ", "NAME 5 xyz");

  private static ByteBuffer stream() {
    return joined(
        packet(PacketType.STATUS, 1, "abc"),
        data(2, "hello"),
        packet(PacketType.ATTRS, 3, ""),
        data(4, ""),
        packet(PacketType.NAME, 5, "xyz"));
  }

  @Test
  void packetsComeWholeHoweverTheStreamIsCutInThree() {
    ByteBuffer stream = stream();
    for (int first = 0; first <= stream.limit(); first++) {
      for (int second = first; second <= stream.limit(); second++) {
        heard.clear();
        framer.receive(stream.slice(0, first));
        framer.receive(stream.slice(first, second - first));
        framer.receive(stream.slice(second, stream.limit() - second));
        assertThat(heard).as("cut at %d and %d", first, second).isEqualTo(ALL);
      }
    }
  }

  @Test
  void packetsComeWholeWhenEveryByteComesAlone() {
    ByteBuffer stream = stream();
    for (int at = 0; at < stream.limit(); at++) {
      framer.receive(ByteBuffer.allocateDirect(1).put(stream.get(at)).flip());
    }

    assertThat(heard).isEqualTo(ALL);
  }

  @Test
  void dataGoToThePositionOfTheirDestination() {
    destination.position(7);

    framer.receive(data(1, "hello"));

    assertThat(destination.position()).isEqualTo(7);
    assertThat(destination.get(7)).isEqualTo((byte) 'h');
    assertThat(destination.get(6)).isZero();
  }

  @Test
  void longestPacketIsPutTogether() {
    String text = "x".repeat(PacketFramer.MAX_PACKET_BYTES - 5);
    ByteBuffer packet = packet(PacketType.NAME, 1, text);

    framer.receive(packet.slice(0, 100_000));
    framer.receive(packet.slice(100_000, packet.limit() - 100_000));

    assertThat(heard).containsExactly("NAME 1 " + text);
  }

  @Test
  void lengthsThatCannotBeAreRefused() {
    for (int length : new int[] {-1, 0, 4, PacketFramer.MAX_PACKET_BYTES + 1, 0x53534820}) {
      ByteBuffer packet = packet(PacketType.STATUS, 1, "abc").putInt(0, length);
      assertThatThrownBy(() -> framer.receive(packet))
          .as("length %d", length)
          .isInstanceOf(ProtocolViolation.class);
    }
  }

  @Test
  void dataWhoseLengthsDisagreeAreRefused() {
    for (int length : new int[] {-1, 4, 6, Integer.MAX_VALUE}) {
      ByteBuffer packet = data(1, "hello").putInt(9, length);
      assertThatThrownBy(() -> framer.receive(packet))
          .as("length %d", length)
          .isInstanceOf(ProtocolViolation.class);
    }
    assertThatThrownBy(() -> framer.receive(packet(PacketType.DATA, 1, "abc")))
        .isInstanceOf(ProtocolViolation.class);
  }
}
