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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
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
  private final List<String> users = new CopyOnWriteArrayList<>();
  private final List<String> hosts = new CopyOnWriteArrayList<>();
  private int maxSessions = 10;
  private CountDownLatch mayConnect = new CountDownLatch(0);
  private @Nullable SshFailure refusal;
  private final SshConnector connector =
      (target, _, _, _) -> {
        users.add(target.user());
        hosts.add(target.host());
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

  private ConnectionSource source(String user) {
    MountSpec spec = spec(user);
    return connections.source(spec, () -> spec);
  }

  private SubsystemChannel open(ConnectionSource source) throws Exception {
    SubsystemChannel channel = source.open();
    channel.start(NOBODY);
    return channel;
  }

  @Test
  @SemanticsRow("sharing.connection")
  void oneIdentityHasOneConnectionAndAnotherItsOwn() throws Exception {
    open(source("u"));
    open(source("u"));
    open(source("other"));

    assertThat(made).hasSize(2);
  }

  @Test
  void theConnectionStaysUntilItsLastMountHasEnded() throws Exception {
    ConnectionSource one = source("u");
    ConnectionSource other = source("u");
    open(one);
    open(other);
    one.close();
    assertThat(made.getFirst().closed()).isNotDone();
    one.close();
    assertThat(made.getFirst().closed()).isNotDone();
    other.close();
    assertThat(made.getFirst().closed()).isDone();

    open(source("u"));
    assertThat(made).hasSize(2);
  }

  @Test
  @SemanticsRow("sharing.sessions")
  void aServerThatRefusesFurtherChannelsGetsAFurtherConnection() throws Exception {
    maxSessions = 2;
    List<SubsystemChannel> channels = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      channels.add(open(source("u")));
    }
    assertThat(made).hasSize(3);

    channels.getFirst().close();
    open(source("u"));
    assertThat(made).hasSize(3);
  }

  @Test
  void aFurtherConnectionGoesWithItsLastChannel() throws Exception {
    maxSessions = 1;
    open(source("u"));
    SubsystemChannel further = open(source("u"));
    assertThat(made).hasSize(2);
    further.close();
    assertThat(made.getLast().closed()).isDone();
    assertThat(made.getFirst().closed()).isNotDone();
  }

  @Test
  void aConnectionWhoseClosedChannelsStillCountOnTheServerIsReplaced() throws Exception {
    ConnectionSource source = source("u");
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
    ConnectionSource source = source("u");

    assertThatThrownBy(() -> open(source)).isInstanceOf(SshFailure.class);
    assertThat(made).hasSize(1);
  }

  @Test
  void aLostConnectionIsReplacedOnceForAll() throws Exception {
    ConnectionSource one = source("u");
    ConnectionSource other = source("u");
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
      Future<SubsystemChannel> one = mounts.submit(() -> open(source("u")));
      Future<SubsystemChannel> other = mounts.submit(() -> open(source("u")));
      mayConnect.countDown();
      one.get();
      other.get();
    }

    assertThat(made).hasSize(1);
  }

  @Test
  void aFailureIsToldToAllAndTheNextTriesAgain() throws Exception {
    refusal = failure("wrong password");
    ConnectionSource source = source("u");
    assertThatThrownBy(() -> open(source)).isSameAs(refusal);
    refusal = null;
    open(source);

    assertThat(made).hasSize(1);
  }

  @Test
  void aChannelThatComesTooLateForItsMountIsClosed() throws Exception {
    ConnectionSource source = source("u");
    source.close();

    assertThatThrownBy(source::open).isInstanceOf(ConnectionLost.class);
    assertThat(made).allSatisfy(connection -> assertThat(connection.closed()).isDone());
  }

  /** A mount whose options say another thing later. */
  private ConnectionSource changing(SpecSource again) {
    return connections.source(spec("u"), again);
  }

  @Test
  void aLostConnectionIsMadeAnewAsTheOptionsSayByThen() throws Exception {
    AtomicReference<MountSpec> now = new AtomicReference<>(spec("u"));
    ConnectionSource source = changing(now::get);
    ConnectionSource other = source("u");
    open(source);
    open(other);
    now.set(spec("somebody"));
    open(source);
    assertThat(users).containsExactly("u");

    made.getFirst().close();
    open(source);
    open(other);
    assertThat(users).containsExactly("u", "somebody", "u");

    source.close();
    assertThat(made.get(1).closed()).isDone();
    assertThat(made.get(2).closed()).isNotDone();
    other.close();
    assertThat(made.get(2).closed()).isDone();
  }

  @Test
  void optionsThatAreWrongByNowLeaveThoseThatWereGood() throws Exception {
    ConnectionSource source =
        changing(() -> {
          throw new IOException("IdentityFile names id, which is not there");
        });
    open(source);
    made.getFirst().close();
    open(source);

    assertThat(users).containsExactly("u", "u");
  }

  @Test
  void aLiveMountGoesToNoOtherServer() throws Exception {
    MountDraft draft = new MountDraft();
    draft.ssh().user("u");
    draft.ssh().host("elsewhere");
    draft.ssh().hostKeys().checking(HostKeyDraft.Checking.ANY);
    ConnectionSource source = changing(draft::build);
    open(source);
    made.getFirst().close();
    open(source);

    assertThat(hosts).containsOnly("h");
  }
}
