package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.testing.LockStepPace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A server that breaks the protocol loses the channel, and everybody who waits hears why. */
class ProtocolViolationTest {
  private static final RemotePath A = RemotePath.of("/a");

  private final LockStepPace pace = new LockStepPace();
  private final ScriptedChannel server = new ScriptedChannel();
  private final List<String> ended = new ArrayList<>();

  private CompletableFuture<SftpChannel> opening() {
    return SftpChannel.open(server, pace, SftpSettings.DEFAULT, 1);
  }

  private SftpChannel opened() {
    CompletableFuture<SftpChannel> opening = opening();
    server.greet();
    return opening.join();
  }

  /** Notes each time that the request ends. */
  private <T> CompletableFuture<T> noting(String name, CompletableFuture<T> request) {
    CompletableFuture<Void> noted =
        request.handle((value, failure) -> {
          ended.add(name + (failure instanceof ConnectionLost ? " lost" : ""));
          return null;
        });
    assertThat(noted).isNotDone();
    return request;
  }

  private static RemoteHandle handle(SftpChannel sftp) {
    return new ChannelHandle(sftp, WireBytes.of("00000001"));
  }

  /** The server answers the second of three requests with this, and that is the end of all. */
  private void assertBreaks(String reason, int type, int idOffset, String fields) {
    SftpChannel sftp = opened();
    CompletableFuture<?> first = noting("first", sftp.lstat(A));
    CompletableFuture<?> second =
        noting("second", sftp.read(handle(sftp), 0, ByteBuffer.allocate(4)));
    int id = server.lastId();
    CompletableFuture<?> third = noting("third", sftp.lstat(A));

    server.say(WireBytes.packet(type, id + idOffset, fields));
    // What was on its way already is not listened to.
    server.say(WireBytes.packet(PacketType.ATTRS, id + 1, "00000000"));

    assertThat(server.isClosed()).isTrue();
    assertThat(sftp.isOpen()).isFalse();
    assertThat(ended).containsExactlyInAnyOrder("first lost", "second lost", "third lost");
    for (CompletableFuture<?> request : List.of(first, second, third, sftp.lstat(A))) {
      assertThat(request.exceptionNow())
          .hasMessageContaining("the server broke the SFTP protocol")
          .hasMessageContaining(reason);
    }
    assertThat(sftp.closed().join()).hasMessageContaining(reason);
  }

  @Test
  void replyToARequestThatNobodyMade() {
    assertBreaks("which is not in flight", PacketType.ATTRS, 100, "00000000");
  }

  @Test
  void dataForARequestThatNobodyMade() {
    assertBreaks("which is not in flight", PacketType.DATA, 100, "00000001 aa");
  }

  @Test
  void dataInReplyToSomethingElseThanRead() {
    assertBreaks("DATA in reply to LSTAT", PacketType.DATA, 1, "00000001 aa");
  }

  @Test
  void replyOfAnotherType() {
    assertBreaks("ATTRS in reply to READ", PacketType.ATTRS, 0, "00000000");
  }

  @Test
  void requestInPlaceOfAReply() {
    assertBreaks("packet type 7 in reply to READ", PacketType.LSTAT, 0, "00000002 '/a'");
  }

  @Test
  void statusOkWhereDataWereAskedFor() {
    assertBreaks("STATUS OK in reply to READ", PacketType.STATUS, 0, "00000000 00000000 00000000");
  }

  @Test
  void moreDataThanWereAskedFor() {
    assertBreaks("DATA of 5 bytes in reply to a READ of 4", PacketType.DATA, 0, "00000005 'hello'");
  }

  @Test
  void dataLongerThanTheirPacket() {
    assertBreaks("DATA of 3 bytes in a packet of", PacketType.DATA, 0, "00000003 'he'");
  }

  @Test
  void dataOfNegativeLength() {
    assertBreaks("DATA of 4294967295 bytes", PacketType.DATA, 0, "ffffffff 'he'");
  }

  @Test
  void secondVersion() {
    SftpChannel sftp = opened();

    server.greet();

    assertThat(sftp.closed().join()).hasMessageContaining("VERSION in the middle");
  }

  @Test
  void packetsOfLengthsThatCannotBe() {
    for (String length : List.of("00040001", "7fffffff", "ffffffff", "00000004", "00000000")) {
      ScriptedChannel other = new ScriptedChannel();
      var opening = SftpChannel.open(other, pace, SftpSettings.DEFAULT, 1);
      other.greet();
      CompletableFuture<RemoteAttributes> request = opening.join().lstat(A);

      other.say(WireBytes.of(length + " 69 00000001 00000000"));

      assertThat(other.isClosed()).as(length).isTrue();
      assertThat(request.exceptionNow())
          .hasMessageContaining("a packet of " + Long.parseLong(length, 16) + " bytes");
    }
  }

  @Test
  void bannerBeforeTheProtocolNamesTheShell() {
    var opening = opening();

    server.say(WireBytes.of("'Welcome to the machine'"));

    assertThat(server.isClosed()).isTrue();
    assertThat(opening.exceptionNow())
        .isInstanceOf(ConnectionLost.class)
        .hasMessageContaining("does its shell print something at login?");
  }

  @Test
  void versionTwoIsRefused() {
    var opening = opening();

    server.say(WireBytes.packet(PacketType.VERSION, 2, ""));

    assertThat(server.isClosed()).isTrue();
    assertThat(opening.exceptionNow()).hasMessageContaining("version 2, not 3");
  }

  @Test
  void replyBeforeVersionIsRefused() {
    var opening = opening();

    server.say(WireBytes.packet(PacketType.STATUS, 1, "00000004"));

    assertThat(server.isClosed()).isTrue();
    assertThat(opening.exceptionNow()).hasMessageContaining("does not begin with SFTP");
  }

  @Test
  void serverThatLeavesBeforeVersionIsTheReason() {
    var opening = opening();

    server.end("no such subsystem");

    assertThat(opening.exceptionNow())
        .isInstanceOf(ConnectionLost.class)
        .hasMessage("no such subsystem");
  }

  @Test
  void statusOfALaterProtocolIsAFailureAndNoViolation() {
    SftpChannel sftp = opened();
    CompletableFuture<RemoteAttributes> request = sftp.lstat(A);

    server.say(
        WireBytes.packet(PacketType.STATUS, server.lastId(), "ffffffff 00000002 'no' 00000000"));

    assertThatThrownBy(request::join).hasRootCauseMessage("FAILURE: LSTAT: no");
    assertThat(sftp.isOpen()).isTrue();
  }
}
