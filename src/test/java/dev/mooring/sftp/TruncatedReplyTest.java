package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.testing.LockStepPace;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Every reply in a packet of proper length whose fields end too early, at each place: the channel
 * closes, and who asked hears of the broken protocol.
 */
class TruncatedReplyTest {
  private static final RemotePath A = RemotePath.of("/a");
  private static final String ATTRIBUTES =
      "0000000f 0000000000000005 00000001 00000002 000081a4 00000003 00000004";
  private static final String EMPTY = "00000000";

  private final LockStepPace pace = new LockStepPace();

  /** The lengths at which a cut reply is taken for a whole one; all others are violations. */
  private Set<Integer> lengthsAccepted(
      int type, String fields, Function<SftpChannel, CompletableFuture<?>> asking) {
    ByteBuffer whole = WireBytes.of(fields);
    Set<Integer> accepted = new TreeSet<>();
    for (int length = 0; length <= whole.limit(); length++) {
      ScriptedChannel server = new ScriptedChannel();
      CompletableFuture<SftpChannel> opening =
          SftpChannel.open(server, pace, SftpSettings.DEFAULT, 1);
      server.greet();
      SftpChannel sftp = opening.join();
      CompletableFuture<?> request = asking.apply(sftp);
      server.say(WireBytes.packet(type, server.lastId(), whole.slice(0, length)));
      assertThat(request).as("cut at %d of %d", length, whole.limit()).isDone();
      if (sftp.isOpen()) {
        accepted.add(length);
      } else {
        assertThat(request.exceptionNow()).hasMessageContaining("the server broke the SFTP");
      }
    }
    return accepted;
  }

  private void assertOnlyWhole(
      int type, String fields, Function<SftpChannel, CompletableFuture<?>> asking) {
    assertThat(lengthsAccepted(type, fields, asking)).containsExactly(WireBytes.of(fields).limit());
  }

  private static RemoteHandle handle(SftpChannel sftp) {
    return new ChannelHandle(sftp, WireBytes.of("00000001"));
  }

  @Test
  void statusMayLackItsTextAndLanguageButNotEndInThem() {
    Set<Integer> accepted =
        lengthsAccepted(
            PacketType.STATUS, "00000004 00000004 'oops' 00000002 'en'", sftp -> sftp.lstat(A));

    // The language is not read, so that it does not matter where it ends.
    assertThat(accepted).containsExactly(4, 12, 13, 14, 15, 16, 17, 18);
  }

  @Test
  void handle() {
    assertOnlyWhole(
        PacketType.HANDLE,
        "00000004 0a0b0c0d",
        sftp -> sftp.open(A, OpenMode.READ, RemoteAttributes.NONE));
    assertOnlyWhole(PacketType.HANDLE, "00000001 ff", sftp -> sftp.opendir(A));
  }

  @Test
  void handleLongerThanTheDraftAllowsIsRefused() {
    String bound = "00000100 " + "00".repeat(256);
    String longer = "00000101 " + "00".repeat(257);

    assertOnlyWhole(PacketType.HANDLE, bound, sftp -> sftp.opendir(A));
    assertThat(lengthsAccepted(PacketType.HANDLE, longer, sftp -> sftp.opendir(A))).isEmpty();
  }

  @Test
  void data() {
    assertOnlyWhole(
        PacketType.DATA,
        "00000005 'hello'",
        sftp -> sftp.read(handle(sftp), 0, ByteBuffer.allocate(9)));
  }

  @Test
  void attributes() {
    assertOnlyWhole(PacketType.ATTRS, ATTRIBUTES, sftp -> sftp.lstat(A));
    assertOnlyWhole(PacketType.ATTRS, ATTRIBUTES, sftp -> sftp.stat(A));
    assertOnlyWhole(PacketType.ATTRS, ATTRIBUTES, sftp -> sftp.fstat(handle(sftp)));
  }

  @Test
  void names() {
    String one = "00000001 00000002 '/b' " + EMPTY + " " + EMPTY;
    assertOnlyWhole(PacketType.NAME, one, sftp -> sftp.realpath(A));
    assertOnlyWhole(PacketType.NAME, one, sftp -> sftp.readlink(A));
    assertOnlyWhole(
        PacketType.NAME,
        "00000002 00000001 'a' 00000002 '-r' "
            + ATTRIBUTES
            + " 00000001 'b' 00000002 '-w' "
            + ATTRIBUTES,
        sftp -> sftp.readdir(handle(sftp)));
  }

  @Test
  void version() {
    ByteBuffer whole =
        WireBytes.of("00000011 'fsync@openssh.com' 00000001 '1' 00000007 'unknown' 00000001 '9'");
    Set<Integer> accepted = new TreeSet<>();
    for (int length = 0; length <= whole.limit(); length++) {
      ScriptedChannel server = new ScriptedChannel();
      CompletableFuture<SftpChannel> opening =
          SftpChannel.open(server, pace, SftpSettings.DEFAULT, 1);
      server.say(WireBytes.packet(PacketType.VERSION, 3, whole.slice(0, length)));
      assertThat(opening).isDone();
      if (server.isClosed()) {
        assertThat(opening.exceptionNow()).hasMessageContaining("does not begin with SFTP");
      } else {
        accepted.add(length);
      }
    }

    assertThat(accepted).containsExactly(0, 26, whole.limit());
  }
}
