package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.fs.SystemPace;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.Secret;
import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshConnector;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.ssh.SubsystemChannel;
import dev.mooring.testing.SemanticsRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mounts of one identity use one connection, and another only where the server wants it so. */
@Timeout(60)
class SharedConnectionsTest {
  private static final SubsystemChannel.Receiver NOBODY =
      new SubsystemChannel.Receiver() {
        @Override
        public void received(ByteBuffer bytes) {}

        @Override
        public void closed(ConnectionLost cause) {}
      };

  private final SystemPace pace = new SystemPace();
  private final List<Connection> made = new ArrayList<>();
  private int maxSessions = 10;
  private CountDownLatch mayConnect = new CountDownLatch(0);
  private @Nullable SshFailure refusal;
  private final SshConnector connector =
      (_, _, _, _) -> {
        awaitPermission();
        if (refusal != null) {
          throw refusal;
        }
        return new Connection();
      };
  private final SharedConnections connections = new SharedConnections(connector, pace);

  @AfterEach
  void end() {
    pace.close();
  }

  private void awaitPermission() {
    try {
      mayConnect.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static SshFailure failure(String reason) {
    return new SshFailure(SshTrouble.NO_CHANNEL, "u@h:22", null, reason);
  }

  private final class Connection implements SshConnection {
    private final CompletableFuture<ConnectionLost> closed = new CompletableFuture<>();
    private int channels;

    Connection() {
      synchronized (made) {
        made.add(this);
      }
    }

    @Override
    public String hostKeyFingerprint() {
      return "SHA256:x";
    }

    @Override
    public String serverVersion() {
      return "fake";
    }

    @Override
    public synchronized CompletableFuture<SubsystemChannel> open(String subsystem) {
      if (channels >= maxSessions) {
        return CompletableFuture.failedFuture(failure("no further channel"));
      }
      channels++;
      return CompletableFuture.completedFuture(new Channel(this));
    }

    private synchronized void less() {
      channels--;
    }

    @Override
    public CompletableFuture<ConnectionLost> closed() {
      return closed;
    }

    @Override
    public void close() {
      closed.complete(new ConnectionLost("closed"));
    }
  }

  private record Channel(Connection connection) implements SubsystemChannel {
    @Override
    public void start(Receiver receiver) {}

    @Override
    public void send(List<ByteBuffer> packet) {}

    @Override
    public void close() {
      connection.less();
    }
  }

  private static MountSpec spec(String user) {
    MountDraft draft = new MountDraft();
    draft.ssh().user(user);
    draft.ssh().host("h");
    draft.ssh().hostKeys().checking(HostKeyDraft.Checking.ANY);
    draft.ssh().login().password(new Secret("secret"));
    return draft.build();
  }

  private SubsystemChannel open(ConnectionSource source) throws Exception {
    SubsystemChannel channel = source.open();
    channel.start(NOBODY);
    return channel;
  }

  @Test
  @SemanticsRow("sharing.connection")
  void oneIdentityHasOneConnectionAndAnotherItsOwn() throws Exception {
    open(connections.source(spec("u")));
    open(connections.source(spec("u")));
    open(connections.source(spec("other")));

    assertThat(made).hasSize(2);
  }

  @Test
  void theConnectionStaysUntilItsLastMountHasEnded() throws Exception {
    ConnectionSource one = connections.source(spec("u"));
    ConnectionSource other = connections.source(spec("u"));
    open(one);
    open(other);
    one.close();
    assertThat(made.getFirst().closed()).isNotDone();
    one.close();
    assertThat(made.getFirst().closed()).isNotDone();
    other.close();
    assertThat(made.getFirst().closed()).isDone();

    open(connections.source(spec("u")));
    assertThat(made).hasSize(2);
  }

  @Test
  @SemanticsRow("sharing.sessions")
  void aServerThatRefusesFurtherChannelsGetsAFurtherConnection() throws Exception {
    maxSessions = 2;
    List<SubsystemChannel> channels = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      channels.add(open(connections.source(spec("u"))));
    }
    assertThat(made).hasSize(3);

    channels.getFirst().close();
    open(connections.source(spec("u")));
    assertThat(made).hasSize(3);
  }

  @Test
  void aFurtherConnectionGoesWithItsLastChannel() throws Exception {
    maxSessions = 1;
    open(connections.source(spec("u")));
    SubsystemChannel further = open(connections.source(spec("u")));
    assertThat(made).hasSize(2);
    further.close();
    assertThat(made.getLast().closed()).isDone();
    assertThat(made.getFirst().closed()).isNotDone();
  }

  @Test
  void aConnectionWhoseClosedChannelsStillCountOnTheServerIsReplaced() throws Exception {
    ConnectionSource source = connections.source(spec("u"));
    open(source).close();
    maxSessions = 0;
    assertThatThrownBy(() -> open(source)).isInstanceOf(SshFailure.class);
    maxSessions = 10;
    open(source);

    assertThat(made).hasSize(2);
  }

  @Test
  void aSubsystemThatIsNotThereIsNotAskedForAgainAndAgain() {
    maxSessions = 0;
    ConnectionSource source = connections.source(spec("u"));

    assertThatThrownBy(() -> open(source)).isInstanceOf(SshFailure.class);
    assertThat(made).hasSize(1);
  }

  @Test
  void aLostConnectionIsReplacedOnceForAll() throws Exception {
    ConnectionSource one = connections.source(spec("u"));
    ConnectionSource other = connections.source(spec("u"));
    open(one);
    open(other);
    made.getFirst().close();
    open(one);
    open(other);

    assertThat(made).hasSize(2);
  }

  @Test
  void whoComesWhileAConnectionIsMadeWaitsForIt() throws Exception {
    mayConnect = new CountDownLatch(1);
    try (ExecutorService mounts = Executors.newCachedThreadPool()) {
      Future<SubsystemChannel> one = mounts.submit(() -> open(connections.source(spec("u"))));
      Future<SubsystemChannel> other = mounts.submit(() -> open(connections.source(spec("u"))));
      mayConnect.countDown();
      one.get();
      other.get();
    }

    assertThat(made).hasSize(1);
  }

  @Test
  void aFailureIsToldToAllAndTheNextTriesAgain() throws Exception {
    refusal = failure("wrong password");
    ConnectionSource source = connections.source(spec("u"));
    assertThatThrownBy(() -> open(source)).isSameAs(refusal);
    refusal = null;
    open(source);

    assertThat(made).hasSize(1);
  }

  @Test
  void aChannelThatComesTooLateForItsMountIsClosed() throws Exception {
    ConnectionSource source = connections.source(spec("u"));
    source.close();

    assertThatThrownBy(source::open).isInstanceOf(ConnectionLost.class);
    assertThat(made).allSatisfy(connection -> assertThat(connection.closed()).isDone());
  }
}
