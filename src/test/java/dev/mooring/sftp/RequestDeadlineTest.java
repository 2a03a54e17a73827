package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.testing.LockStepPace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server that is silent or late does to requests and to the channel. */
@Timeout(30)
class RequestDeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final SftpSettings ONE_AT_A_TIME =
      new SftpSettings(SECOND, 1000, 1, 3, 1, 1, false);
  private static final RemotePath A = RemotePath.of("/a");

  private final LockStepPace pace = new LockStepPace();
  private final ScriptedChannel server = new ScriptedChannel();
  private final CompletableFuture<SftpChannel> opening =
      SftpChannel.open(server, pace, ONE_AT_A_TIME, 1);

  private SftpChannel opened() {
    server.greet();
    return opening.join();
  }

  @Test
  void serverThatNeverBeginsIsGivenUp() throws Exception {
    pace.run(() -> pace.sleep(SECOND.minusMillis(1)));
    assertThat(opening).isNotDone();

    pace.run(() -> pace.sleep(SECOND));

    assertThat(server.isClosed()).isTrue();
    assertThat(opening.exceptionNow())
        .isInstanceOf(ConnectionLost.class)
        .hasMessage("the server does not begin SFTP within 1000 ms");
  }

  @Test
  void serverThatBeganIsNotGivenUpForBeingIdle() throws Exception {
    SftpChannel sftp = opened();

    pace.run(() -> pace.sleep(Duration.ofHours(1)));

    assertThat(sftp.isOpen()).isTrue();
  }

  @Test
  void lateReplyFreesThePlaceAndTheBufferOfItsRequest() throws Exception {
    SftpChannel sftp = opened();
    ByteBuffer destination = ByteBuffer.allocate(5);
    RemoteHandle handle = new ChannelHandle(sftp, WireBytes.of("00000001"));
    CompletableFuture<Integer> read = sftp.read(handle, 0, destination);
    int late = server.lastId();
    pace.run(() -> pace.sleep(SECOND.plusMillis(500)));
    CompletableFuture<RemoteAttributes> next = sftp.lstat(A);
    CompletableFuture<Void> settled = sftp.settled(read);

    assertThat(read.exceptionNow())
        .isInstanceOf(TimeoutException.class)
        .hasMessage("READ: no reply within 1000 ms");
    assertThat(settled).isNotDone();
    assertThat(server.lastId()).isEqualTo(late);
    assertThat(sftp.isOpen()).isTrue();

    server.say(WireBytes.packet(PacketType.DATA, late, "00000005 'hello'"));

    assertThat(settled).isCompleted();
    assertThat(read.exceptionNow()).isInstanceOf(TimeoutException.class);
    assertThat(destination).isEqualTo(WireBytes.of("'hello'"));
    assertThat(server.lastId()).isNotEqualTo(late);
    server.say(WireBytes.packet(PacketType.ATTRS, server.lastId(), "00000000"));
    assertThat(next.join()).isEqualTo(RemoteAttributes.NONE);
  }

  @Test
  void replyThatComesTwiceIsAViolationEvenAfterATimeout() throws Exception {
    SftpChannel sftp = opened();
    sftp.lstat(A);
    pace.run(() -> pace.sleep(SECOND.plusMillis(500)));
    ByteBuffer reply = WireBytes.packet(PacketType.ATTRS, server.lastId(), "00000000");

    server.say(reply);
    assertThat(sftp.isOpen()).isTrue();
    server.say(reply);

    assertThat(sftp.closed().join()).hasMessageContaining("which is not in flight");
  }

  @Test
  void requestThatTimedOutSettlesWithItsChannel() throws Exception {
    SftpChannel sftp = opened();
    CompletableFuture<RemoteAttributes> request = sftp.lstat(A);
    pace.run(() -> pace.sleep(SECOND.plusMillis(500)));
    CompletableFuture<Void> settled = sftp.settled(request);
    assertThat(settled).isNotDone();

    server.end("cable pulled");

    assertThat(settled).isCompleted();
    assertThat(request.exceptionNow()).isInstanceOf(TimeoutException.class);
  }

  @Test
  void serverThatAnswersNothingForTwoDeadlinesIsGivenUp() throws Exception {
    SftpChannel sftp = opened();
    CompletableFuture<RemoteAttributes> sent = sftp.lstat(A);
    CompletableFuture<RemoteAttributes> queued = sftp.lstat(A);

    pace.run(() -> {
      assertThatThrownBy(() -> pace.get(sent)).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> pace.get(queued)).isInstanceOf(TimeoutException.class);
      pace.sleep(SECOND.plusMillis(100));
    });

    assertThat(server.isClosed()).isTrue();
    assertThat(sftp.closed().join())
        .hasMessage("the server answers nothing for 2000 ms, with 1 requests in flight");
  }
}
