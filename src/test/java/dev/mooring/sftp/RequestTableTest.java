package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionLost;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RequestTableTest {
  private static final SftpSettings BOUNDS =
      new SftpSettings(Duration.ofSeconds(1), 1000, 4, 3, 1, 1, false);

  private static final long LONG_AGO = -BOUNDS.requestTimeout().toNanos();

  private final List<Integer> sent = new ArrayList<>();
  private final RequestTable table =
      new RequestTable(
          BOUNDS, () -> 0, packet -> sent.add(packet.getFirst().getInt(PacketBuilder.ID_OFFSET)));

  private Request<RemoteAttributes> lstat() {
    Request<RemoteAttributes> request = Requests.lstat(RemotePath.LOGIN);
    request.mustEndBy(100);
    table.submit(request);
    return request;
  }

  private Request<Integer> read(int bytes) {
    Request<Integer> request = Requests.read(ByteBuffer.allocate(4), 0, ByteBuffer.allocate(bytes));
    request.mustEndBy(100);
    table.submit(request);
    return request;
  }

  @Test
  void requestIsInTheTableBeforeItIsSent() {
    List<Request<?>> found = new ArrayList<>();
    RequestTable[] holder = new RequestTable[1];
    holder[0] =
        new RequestTable(
            BOUNDS,
            () -> 0,
            packet ->
                found.add(holder[0].inFlight(packet.getFirst().getInt(PacketBuilder.ID_OFFSET))));
    Request<Void> request = Requests.remove(RemotePath.LOGIN);

    holder[0].submit(request);

    assertThat(found).containsExactly(request);
  }

  @Test
  void whatExceedsTheBoundsIsSentInOrderWhenRepliesMakeRoom() {
    for (int i = 0; i < 6; i++) {
      lstat();
    }
    assertThat(sent).hasSize(4);

    table.take(sent.get(1));
    assertThat(sent).hasSize(5);
    table.take(sent.get(0));

    assertThat(sent).hasSize(6).doesNotHaveDuplicates();
    assertThat(table.requestsInFlight()).isEqualTo(4);
  }

  @Test
  void bytesInFlightAreBoundedAndFirstComeIsFirstServed() {
    read(600);
    read(600);
    lstat();
    assertThat(sent).hasSize(1);
    assertThat(table.bytesInFlight()).isEqualTo(600);

    table.take(sent.getFirst());

    assertThat(sent).hasSize(3);
    assertThat(table.bytesInFlight()).isEqualTo(600);
  }

  @Test
  void requestLargerThanTheBoundGoesAlone() {
    read(5000);

    assertThat(sent).hasSize(1);
  }

  @Test
  void requestThatFindsTheQueueFullEnds() {
    for (int i = 0; i < 7; i++) {
      lstat();
    }

    assertThatThrownBy(() -> lstat().join()).hasCauseInstanceOf(SftpException.class);
  }

  @Test
  void closingEndsEverythingOnceAndForGood() {
    List<Request<RemoteAttributes>> requests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      requests.add(lstat());
    }
    ConnectionLost cause = new ConnectionLost("first");

    table.close(cause);
    table.close(new ConnectionLost("second"));
    requests.add(lstat());

    assertThat(requests).allSatisfy(request -> assertThat(request.exceptionNow()).isSameAs(cause));
    assertThat(sent).hasSize(4);
    assertThat(table.requestsInFlight()).isZero();
  }

  @Test
  void timedOutRequestKeepsItsPlaceUntilItsReply() {
    Request<Integer> read = read(600);

    assertThat(table.expire(99, LONG_AGO)).isEqualTo(1);
    assertThat(table.expire(100, LONG_AGO)).isEqualTo(Long.MAX_VALUE);

    assertThat(read.exceptionNow()).isInstanceOf(TimeoutException.class);
    assertThat(read.settled()).isNotDone();
    assertThat(table.bytesInFlight()).isEqualTo(600);
    table.take(sent.getFirst());
    assertThat(read.settled()).isDone();
    assertThat(table.bytesInFlight()).isZero();
  }

  @Test
  void requestThatTimedOutInTheQueueIsNeverSent() {
    for (int i = 0; i < 5; i++) {
      lstat();
    }
    table.expire(200, LONG_AGO);
    int before = sent.size();

    table.take(sent.getFirst());

    assertThat(sent).hasSize(before);
  }

  @Test
  void replyToNothingIsAViolation() {
    lstat();
    int id = sent.getFirst();
    table.take(id);

    assertThatThrownBy(() -> table.take(id)).isInstanceOf(ProtocolViolation.class);
    assertThatThrownBy(() -> table.inFlight(id + 1)).isInstanceOf(ProtocolViolation.class);
  }
}
