package dev.mooring.ssh.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.OpenSshServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the kernel says is played; the silence is a real server whose processes are stopped. They
 * run no command: a login shell that is stopped may keep a lock that all others wait for.
 */
class StallWatchIT {
  private static final int GIVEN_UP_SECONDS = 20;

  /** Two seconds longer than a connection that is given up would live. */
  private static final int KEPT_SECONDS = 6;

  private final MinaSshConnector connector = new MinaSshConnector();
  private final AtomicInteger logins = new AtomicInteger();
  private OpenSshServer server;

  @BeforeEach
  void start() throws IOException {
    server = OpenSshServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    connector.close();
    server.close();
  }

  private MinaConnection connect() throws IOException {
    return (MinaConnection)
        connector.connect(
            server.target(), server.credentials(), server.hostKeys(), ConnectionSettings.DEFAULT);
  }

  /** A connection of which the kernel says this, on which a reply will be awaited. */
  private Silent silent(int retransmissions, StallWatch.Login login) throws Exception {
    MinaConnection connection = connect();
    connection.watch(() -> retransmissions, login);
    SubsystemChannel channel = connection.open("sftp").get(10, TimeUnit.SECONDS);
    channel.start(new Recording(1));
    return new Silent(connection, channel);
  }

  private record Silent(MinaConnection connection, SubsystemChannel channel) {
    void ask() {
      channel.send(List.of(ByteBuffer.allocate(1)));
    }
  }

  private SshConnection logIn() {
    logins.incrementAndGet();
    return new Beside();
  }

  @Test
  void aConnectionOfWhichNothingIsConfirmedIsGivenUpWhenALoginBesideItSucceeds() throws Exception {
    Silent silent = silent(2, this::logIn);
    server.suspendSessions();
    silent.ask();

    assertThat(silent.connection().closed().get(GIVEN_UP_SECONDS, TimeUnit.SECONDS))
        .hasMessage(
            "the SSH connection is lost: nothing comes back on it, though the server is there");
    assertThat(logins).hasValue(1);
  }

  @Test
  void aConnectionIsKeptWhileItMayBeWorthSomething() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger refusals = new AtomicInteger();
    Silent confirmed = silent(1, this::logIn);
    Silent serverAway = silent(9, () -> fail(attempts, SshTrouble.NOT_CONNECTED));
    Silent refused = silent(9, () -> fail(refusals, SshTrouble.PASSWORD_REFUSED));
    Silent idle = silent(9, this::logIn);
    server.suspendSessions();
    List.of(confirmed, serverAway, refused).forEach(Silent::ask);

    CompletableFuture<Object> first =
        CompletableFuture.anyOf(
            confirmed.connection().closed(),
            serverAway.connection().closed(),
            refused.connection().closed(),
            idle.connection().closed());
    assertThatThrownBy(() -> first.get(KEPT_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(logins).hasValue(0);
    assertThat(attempts).hasValueGreaterThan(1);
    assertThat(refusals).as("who is refused asks no more").hasValue(1);
  }

  private static SshConnection fail(AtomicInteger attempts, SshTrouble trouble) throws SshFailure {
    attempts.incrementAndGet();
    throw new SshFailure(trouble, "server", null, "planted", "planted");
  }

  @Test
  void theKernelsTableSaysHowOftenSomethingWasSentAgain(@TempDir Path directory) throws Exception {
    Path table = directory.resolve("tcp");
    String end = "00000000:00000000 03:00000D61 %08X     0        0 0 3 0000%n";
    Files.writeString(
        table,
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
            + ("   0: 0100007F:9EB8 0100007F:08FB 06 " + end).formatted(7)
            + ("   1: 0100007F:9EB8 0100007F:08FB 01 " + end).formatted(11)
            + ("   2: 0100007F:9EB8 0100007F:08FC 01 " + end).formatted(15));
    InetSocketAddress local = InetSocketAddress.createUnresolved("localhost", 0x9EB8);

    assertThat(
            TcpTable.retransmissions(
                table, local, InetSocketAddress.createUnresolved("localhost", 0x8FB)))
        .isEqualTo(11);
    assertThat(
            TcpTable.retransmissions(
                table, local, InetSocketAddress.createUnresolved("localhost", 22)))
        .isZero();
    assertThat(TcpTable.retransmissions(directory.resolve("none"), local, local)).isZero();
  }

  /** A login that has succeeded. */
  private static final class Beside implements SshConnection {
    @Override
    public String hostKeyFingerprint() {
      return "";
    }

    @Override
    public String serverVersion() {
      return "";
    }

    @Override
    public CompletableFuture<SubsystemChannel> open(String subsystem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ConnectionLost> closed() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
