package dev.mooring.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.sftp.SftpClient.UserGroupNames;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private static final RemoteAttributes ALL_FIELDS =
      new RemoteAttributes(
          Long.MAX_VALUE,
          new RemoteAttributes.Owner(-2, 7),
          0100644,
          new RemoteAttributes.Times(0, RemoteAttributes.Times.MAX_SECONDS));

  /** Builds fields of a reply with the builder of requests: the wire has one form for both. */
  private static PacketBuilder fields() {
    return new PacketBuilder((byte) 0, 1000);
  }

  private static ByteBuffer built(PacketBuilder fields) {
    return fields.build().position(9).slice();
  }

  private static PacketBuilder oneName() {
    return fields().u32(1).string(bytes("/a")).string(bytes("")).u32(0);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /** The value of whole fields; every shorter piece must be refused. */
  private static <T> T decoded(Reply<T> reply, PacketBuilder fields) {
    ByteBuffer whole = built(fields);
    for (int length = 0; length < whole.limit(); length++) {
      PacketReader cut = new PacketReader(whole.slice(0, length));
      assertThatThrownBy(() -> reply.decoder().decode(cut))
          .as("cut at %d of %d", length, whole.limit())
          .isInstanceOf(ProtocolViolation.class);
    }
    T value = reply.decoder().decode(new PacketReader(whole.duplicate()));
    if (value == null) {
      throw new AssertionError("no value");
    }
    return value;
  }

  @Test
  void attributesKeepEveryBit() {
    assertThat(decoded(Reply.ATTRIBUTES, fields().attributes(ALL_FIELDS))).isEqualTo(ALL_FIELDS);
    assertThat(decoded(Reply.ATTRIBUTES, fields().attributes(RemoteAttributes.NONE)))
        .isEqualTo(RemoteAttributes.NONE);
  }

  @Test
  void extendedAttributesArePassedOver() {
    PacketBuilder fields =
        fields().u32(0x8000_0004).u32(0755).u32(1).string(bytes("a")).string(bytes("b"));

    assertThat(decoded(Reply.ATTRIBUTES, fields)).isEqualTo(RemoteAttributes.ofMode(0755));
  }

  @Test
  void sizeBeyondALongIsTheLargestLong() {
    assertThat(decoded(Reply.ATTRIBUTES, fields().u32(1).u64(-1)).size()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void entriesKeepTheirBytes() {
    ByteBuffer name = ByteBuffer.wrap(new byte[] {(byte) 0xff, '\n'});
    PacketBuilder fields =
        fields()
            .u32(2)
            .string(name)
            .string(bytes("-rw-r--r-- 1 long"))
            .attributes(ALL_FIELDS)
            .string(bytes("b"))
            .string(bytes(""))
            .attributes(RemoteAttributes.NONE);

    assertThat(decoded(Reply.ENTRIES, fields))
        .containsExactly(
            new RemoteEntry(name, bytes("-rw-r--r-- 1 long"), ALL_FIELDS),
            new RemoteEntry(bytes("b"), bytes(""), RemoteAttributes.NONE));
  }

  @Test
  void countThatThePacketCannotHoldIsRefusedBeforeAnythingIsAllocated() {
    for (int count : new int[] {-1, 2, Integer.MAX_VALUE}) {
      ByteBuffer fields = built(fields().u32(count).string(bytes("a")).string(bytes("b")).u32(0));
      assertThatThrownBy(() -> Reply.ENTRIES.decoder().decode(new PacketReader(fields)))
          .isInstanceOf(ProtocolViolation.class);
    }
  }

  @Test
  void pathAndTargetAreOneName() {
    PacketBuilder two =
        fields()
            .u32(2)
            .string(bytes("a"))
            .string(bytes(""))
            .u32(0)
            .string(bytes("b"))
            .string(bytes(""))
            .u32(0);

    assertThat(decoded(Reply.PATH, oneName())).isEqualTo(RemotePath.of("/a"));
    assertThat(decoded(Reply.TARGET, oneName())).isEqualTo(bytes("/a"));
    assertThatThrownBy(() -> Reply.PATH.decoder().decode(new PacketReader(built(two))))
        .isInstanceOf(ProtocolViolation.class);
  }

  @Test
  void statisticsAndLimitsHaveTheirFieldsInOrder() {
    PacketBuilder statistics = fields();
    for (int i = 1; i <= 11; i++) {
      statistics.u64(i);
    }

    assertThat(decoded(Reply.STATISTICS, statistics))
        .isEqualTo(new RemoteStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    assertThat(decoded(Reply.LIMITS, fields().u64(262_144).u64(261_120).u64(100_000).u64(1019)))
        .isEqualTo(new ServerLimits(262_144, 261_120, 100_000, 1019));
    assertThat(decoded(Reply.LIMITS, fields().u64(0).u64(-1).u64(0).u64(0)))
        .isEqualTo(new ServerLimits(262_144, 261_120, 261_120, 0));
  }

  @Test
  void namesOfUsersAndGroupsAreTwoRows() {
    ByteBuffer users = built(fields().string(bytes("root")).string(bytes("")));

    assertThat(decoded(Reply.USERS_AND_GROUPS, fields().string(users).string(bytes(""))))
        .isEqualTo(new UserGroupNames(List.of("root", ""), List.of()));
  }

  @Test
  void timesThatTheWireCannotCarryAreNotSent() {
    RemoteAttributes early =
        new RemoteAttributes(null, null, null, new RemoteAttributes.Times(-1, 0));

    assertThatThrownBy(() -> fields().attributes(early))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
