package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.ServerDialect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server, or a line, that takes longer than a request may. */
@Timeout(30)
class SlowServerTest {
  private static final int CREATE = OpenMode.READ | OpenMode.WRITE | OpenMode.CREATE;

  private final LockStepPace pace = new LockStepPace();

  /** How long everything takes from here on, one after the other. */
  private Duration delay = Duration.ZERO;

  private long lineFreeNanos;
  private final InMemorySftpServer server =
      new InMemorySftpServer(
          new ReferenceFileSystem(pace), ServerDialect.OPENSSH, this::carryInTurn);

  private void carryInTurn(Runnable arrival) {
    long now = pace.nanoTime();
    lineFreeNanos = Math.max(now, lineFreeNanos) + delay.toNanos();
    pace.schedule(Duration.ofNanos(lineFreeNanos - now), arrival);
  }

  private SftpChannel open() throws Exception {
    return pace.get(SftpChannel.open(server.open(), pace, SftpSettings.DEFAULT, 1));
  }

  private static CompletableFuture<RemoteHandle> openFile(SftpChannel channel) {
    return channel.open(RemotePath.of("/file"), CREATE, RemoteAttributes.ofMode(0644));
  }

  @Test
  void aWriteOutlastsAStallThatTheChannelOutlasts() throws Exception {
    pace.run(() -> {
      SftpChannel channel = open();
      RemoteHandle file = pace.get(openFile(channel));
      delay = Duration.ofSeconds(45);

      pace.get(channel.write(file, 0, List.of(ByteBuffer.allocate(10))));
      assertThat(channel.isOpen()).isTrue();
    });
  }

  @Test
  void whatIsInFlightOnASlowLineArrivesHoweverLongTheLine() throws Exception {
    pace.run(() -> {
      SftpChannel channel = open();
      RemoteHandle file = pace.get(openFile(channel));
      pace.get(channel.write(file, 0, List.of(ByteBuffer.allocate(1000))));
      delay = Duration.ofSeconds(5);
      List<CompletableFuture<Integer>> reads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        reads.add(channel.read(file, i, ByteBuffer.allocate(10)));
      }

      for (CompletableFuture<Integer> read : reads) {
        assertThat(pace.get(read)).isEqualTo(10);
      }
    });
  }

  @Test
  void aHandleThatComesTooLateIsClosed() throws Exception {
    pace.run(() -> {
      SftpChannel channel = open();
      delay = Duration.ofSeconds(40);

      assertThatThrownBy(() -> pace.get(openFile(channel))).isInstanceOf(TimeoutException.class);
      delay = Duration.ZERO;
      pace.sleep(Duration.ofSeconds(60));

      assertThat(server.openHandles()).isZero();
    });
  }

  @Test
  void aChannelThatGetsNoLimitsIsClosed() throws Exception {
    pace.run(() -> {
      SubsystemChannel channel = server.open();
      List<String> closings = new ArrayList<>();
      CompletableFuture<SftpChannel> opening =
          SftpChannel.open(
              new SubsystemChannel() {
                @Override
                public void start(Receiver receiver) {
                  channel.start(receiver);
                }

                @Override
                public void send(List<ByteBuffer> packet) {
                  channel.send(packet);
                  delay = Duration.ofSeconds(45);
                }

                @Override
                public void close() {
                  closings.add("closed");
                  channel.close();
                }
              },
              pace,
              SftpSettings.DEFAULT,
              1);

      assertThatThrownBy(() -> pace.get(opening)).hasMessageContaining("limits");
      assertThat(closings).isNotEmpty();
    });
  }
}
