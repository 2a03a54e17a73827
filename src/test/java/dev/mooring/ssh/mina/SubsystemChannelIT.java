package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.ConnectionSettings.Rekey;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubsystemChannelIT {
  private static final MinaSshConnector connector = new MinaSshConnector();
  private static final String ECHO = "/bin/cat";
  private static OpenSshServer server;
  private static SshConnection connection;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSshServer.start();
    connection = connect(server, ConnectionSettings.DEFAULT);
  }

  @AfterAll
  static void stop() throws IOException {
    connector.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RekeyLimit 1G", "RekeyLimit 2M"})
  void sixtyFourMegabytesComeBackAsTheyWere(String rekeyLimit) throws Exception {
    byte[] sent = randomBytes(64 << 20);
    try (OpenSshServer own = OpenSshServer.start(rekeyLimit);
        SshConnection to = connect(own, ConnectionSettings.DEFAULT)) {
      SubsystemChannel channel = open(to, ECHO);
      Recording recording = new Recording(sent.length);
      channel.start(recording);
      for (int at = 0; at < sent.length; at += 256 * 1024) {
        channel.send(
            List.of(ByteBuffer.wrap(sent, at, 9), ByteBuffer.wrap(sent, at + 9, 256 * 1024 - 9)));
      }
      assertThat(recording.await()).isEqualTo(sent);
    }
  }

  @Test
  void keysAreExchangedAnewAfterAsManyBytesAsTheSettingsSay() throws Exception {
    byte[] sent = randomBytes(16 << 20);
    try (OpenSshServer own = OpenSshServer.start("LogLevel DEBUG1");
        SshConnection to = connect(own, everyTwoMebibytes())) {
      SubsystemChannel channel = open(to, ECHO);
      Recording recording = new Recording(sent.length);
      channel.start(recording);
      channel.send(List.of(ByteBuffer.wrap(sent)));
      assertThat(recording.await()).isEqualTo(sent);
      assertThat(own.log().lines().filter(line -> line.contains("NEWKEYS received")))
          .hasSizeGreaterThan(4);
    }
  }

  @Test
  void packetsOfManyThreadsAreNeverInterleaved() throws Exception {
    int threads = 8;
    int packets = 2000;
    int size = 100;
    SubsystemChannel channel = open(connection, ECHO);
    Recording recording = new Recording(threads * packets * size);
    channel.start(recording);
    List<Thread> senders = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      byte[] packet = new byte[size];
      Arrays.fill(packet, (byte) thread);
      senders.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < packets; i++) {
                  channel.send(
                      List.of(ByteBuffer.wrap(packet, 0, 50), ByteBuffer.wrap(packet, 50, 50)));
                }
              }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
    byte[] received = recording.await();
    for (int at = 0; at < received.length; at += size) {
      for (int i = 1; i < size; i++) {
        assertThat(received[at + i]).isEqualTo(received[at]);
      }
    }
    channel.close();
  }

  @Test
  void theBuffersOfAPacketAreLeftAlone() throws Exception {
    SubsystemChannel channel = open(connection, ECHO);
    Recording recording = new Recording(4);
    channel.start(recording);
    ByteBuffer part = ByteBuffer.allocateDirect(8).putLong(0x0102030405060708L).flip();
    part.position(2).limit(6);
    channel.send(List.of(part, ByteBuffer.allocate(0)));
    assertThat(recording.await()).containsExactly(3, 4, 5, 6);
    assertThat(part).isEqualTo(ByteBuffer.wrap(new byte[] {3, 4, 5, 6}));
    channel.close();
  }

  @Test
  void theSubsystemSftpAnswersItsVersion() throws Exception {
    SubsystemChannel channel = open(connection, "sftp");
    Recording recording = new Recording(9);
    channel.start(recording);
    channel.send(List.of(ByteBuffer.wrap(new byte[] {0, 0, 0, 5, 1, 0, 0, 0, 3})));
    // More than nine bytes come: the recording refuses the rest, which closes the channel.
    assertThat(recording.awaitEnd()).hasMessageContaining("closed after an error");
    assertThat(recording.ends()).isEqualTo(1);
  }

  @Test
  void whatComesBeforeTheReceiverIsKept() throws Exception {
    SubsystemChannel channel = open(connection, "/bin/echo early");
    assertThat(channel).isInstanceOf(MinaSubsystemChannel.class);
    ((MinaSubsystemChannel) channel).waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 10_000);
    Recording recording = new Recording(6);
    channel.start(recording);
    assertThat(recording.awaitEnd()).hasMessage("the server's /bin/echo early ended with status 0");
    assertThat(recording.text()).isEqualTo("early\n");
  }

  @Test
  void theLastWordsOfAProgramAreTheCause() throws Exception {
    assertThat(endOf("/bin/sh -c 'printf \"no\\033 room\\n\" >&2; exit 3'"))
        .hasMessage(
            "the server's /bin/sh -c 'printf \"no\\033 room\\n\" >&2; exit 3' ended with status 3:"
                + " no\\u{1b} room");
  }

  @Test
  void aProgramThatIsKilledIsTheCause() throws Exception {
    assertThat(endOf("/bin/sh -c 'kill -9 $$'")).hasMessageEndingWith("ended by signal KILL");
  }

  @Test
  void aProgramThatIsNotThereIsTheCause() throws Exception {
    try (OpenSshServer own = OpenSshServer.withSftpServer("/nonexistent/sftp-server");
        SshConnection to = connect(own, ConnectionSettings.DEFAULT)) {
      assertThat(endOf(to, "sftp"))
          .hasMessage(
              "the server's sftp ended with status 127, which means that it is not installed");
    }
  }

  @Test
  void aMissingSubsystemSaysWhatToWriteIntoTheServersConfiguration() {
    assertThatThrownBy(() -> open(connection, "sftpx"))
        .cause()
        .isInstanceOf(SshFailure.class)
        .hasMessage(
            "subsystem failed for "
                + server.target()
                + ": the server has no subsystem sftpx; add 'Subsystem sftpx internal-sftp' to the"
                + " server's sshd_config and reload sshd");
  }

  @Test
  void aChannelMoreThanTheServerAllowsIsRefused() throws Exception {
    try (OpenSshServer own = OpenSshServer.start("MaxSessions 1");
        SshConnection to = connect(own, ConnectionSettings.DEFAULT)) {
      SubsystemChannel first = open(to, ECHO);
      assertThatThrownBy(() -> open(to, ECHO))
          .cause()
          .hasMessage(
              "subsystem failed for "
                  + own.target()
                  + ": the server opens no further channel on this connection (open failed); raise"
                  + " MaxSessions in the server's sshd_config, or use fewer channels");
      Recording recording = new Recording(1);
      first.start(recording);
      first.send(List.of(ByteBuffer.wrap(new byte[] {42})));
      assertThat(recording.await()).containsExactly(42);
    }
  }

  @Test
  void aServerKilledInTheMiddleOfATransferEndsChannelsAndConnectionOnce() throws Exception {
    try (OpenSshServer own = OpenSshServer.start()) {
      SshConnection to = connect(own, ConnectionSettings.DEFAULT);
      SubsystemChannel channel = open(to, ECHO);
      Recording some = new Recording(64 << 20);
      channel.start(some);
      channel.send(List.of(ByteBuffer.wrap(randomBytes(64 << 20))));
      own.killSessions();
      ConnectionLost cause = some.awaitEnd();
      assertThat(cause).hasMessageStartingWith("the SSH connection is lost: ");
      assertThat(to.closed().get(10, TimeUnit.SECONDS))
          .hasMessageStartingWith("the SSH connection is lost: ");
      channel.send(List.of(ByteBuffer.allocate(1)));
      channel.close();
      to.close();
      assertThat(some.ends()).isEqualTo(1);
      assertThatThrownBy(() -> open(to, ECHO)).cause().isInstanceOf(ConnectionLost.class);
    }
  }

  @Test
  void aServerThatFallsSilentIsLostAfterTheKeepAlives() throws Exception {
    ConnectionSettings lively =
        ConnectionSettings.DEFAULT.withTimes(Duration.ofSeconds(15), Duration.ofMillis(200), 2);
    try (OpenSshServer own = OpenSshServer.start()) {
      SshConnection to = connect(own, lively);
      SubsystemChannel channel = open(to, "sftp");
      Recording recording = new Recording(1);
      channel.start(recording);
      own.suspendSessions();
      assertThat(recording.awaitEnd())
          .hasMessageContaining("Got 2 heartbeat requests without reply");
    }
  }

  @Test
  void closingEndsTheChannelOnceAndLeavesTheConnection() throws Exception {
    SubsystemChannel channel = open(connection, ECHO);
    Recording recording = new Recording(1);
    channel.start(recording);
    channel.close();
    channel.close();
    assertThat(recording.awaitEnd()).hasMessage("the channel was closed on this side");
    assertThat(recording.ends()).isEqualTo(1);
    assertThat(connection.closed()).isNotDone();
  }

  @Test
  void closingDoesNotWaitForAServerThatHangs() throws Exception {
    try (OpenSshServer own = OpenSshServer.start()) {
      SshConnection to = connect(own, ConnectionSettings.DEFAULT);
      SubsystemChannel channel = open(to, "sftp");
      Recording recording = new Recording(1);
      channel.start(recording);
      own.suspendSessions();
      channel.close();
      assertThat(recording.awaitEnd()).hasMessage("the channel was closed on this side");
      to.close();
      assertThat(to.closed().get(5, TimeUnit.SECONDS))
          .hasMessage("the SSH connection is lost: it was closed on this side");
      assertThat(recording.ends()).isEqualTo(1);
    }
  }

  private static ConnectionSettings everyTwoMebibytes() {
    ConnectionSettings usual = ConnectionSettings.DEFAULT;
    return new ConnectionSettings(
        usual.connectTimeout(),
        usual.keepAliveInterval(),
        usual.keepAliveCount(),
        usual.algorithms(),
        usual.compression(),
        new Rekey(2 << 20, Duration.ofHours(1)),
        usual.route());
  }

  private static ConnectionLost endOf(String command) throws Exception {
    return endOf(connection, command);
  }

  private static ConnectionLost endOf(SshConnection to, String command) throws Exception {
    Recording recording = new Recording(1);
    open(to, command).start(recording);
    return recording.awaitEnd();
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static SubsystemChannel open(SshConnection to, String subsystem) throws Exception {
    return to.open(subsystem).get(10, TimeUnit.SECONDS);
  }

  private static SshConnection connect(OpenSshServer to, ConnectionSettings settings)
      throws IOException {
    return connector.connect(to.target(), to.credentials(), to.hostKeys(), settings);
  }
}
