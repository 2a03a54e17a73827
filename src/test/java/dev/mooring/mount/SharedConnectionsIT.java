package dev.mooring.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.SystemPace;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpSession;
import dev.mooring.sftp.SftpSettings;
import dev.mooring.ssh.mina.MinaSshConnector;
import dev.mooring.testing.Command;
import dev.mooring.testing.OpenSshServer;
import dev.mooring.testing.SemanticsRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes on one real sshd. */
@Timeout(60)
class SharedConnectionsIT {
  private final SystemPace pace = new SystemPace();
  private final MinaSshConnector connector = new MinaSshConnector();
  private final SharedConnections connections = new SharedConnections(connector, pace);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    connector.close();
    pace.close();
  }

  private OpenSshServer started(OpenSshServer server) {
    open.add(server);
    return server;
  }

  private SftpSession volume(OpenSshServer server) throws Exception {
    MountDraft draft = new MountDraft();
    draft.ssh().user(server.target().user());
    draft.ssh().host(server.target().host());
    draft.ssh().port(server.target().port());
    draft.ssh().hostKeys().pin(server.fingerprint());
    draft.ssh().login().keyFile(server.credentials().keyFiles().getFirst());
    ConnectionSource source = connections.source(draft.build(), draft::build);
    open.add(source);
    SftpSession session = new SftpSession(source, pace, SftpSettings.DEFAULT, new Random(1));
    open.add(session);
    session.firstAttempt().get(30, TimeUnit.SECONDS);
    return session;
  }

  private static void assertAnswers(SftpSession session) throws Exception {
    assertThat(session.stat(RemotePath.of("/")).get(20, TimeUnit.SECONDS).mode()).isNotNull();
  }

  @Test
  @SemanticsRow("sharing.connection")
  void volumesOfOneIdentityLogInOnce() throws Exception {
    OpenSshServer server = started(OpenSshServer.start());
    for (int i = 0; i < 5; i++) {
      assertAnswers(volume(server));
    }

    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @SemanticsRow("sharing.sessions")
  void aServerThatAllowsFewChannelsGetsAConnectionForEveryFew(int sessions) throws Exception {
    OpenSshServer server = started(OpenSshServer.start("MaxSessions " + sessions));
    List<SftpSession> volumes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      volumes.add(volume(server));
    }
    for (SftpSession each : volumes) {
      assertAnswers(each);
    }

    assertThat(server.connections()).isEqualTo(Math.ceilDiv(5, sessions));

    server.killSessions();
    for (SftpSession each : volumes) {
      assertAnswers(each);
    }
  }

  @Test
  @SemanticsRow("sharing.sessions")
  void aChannelForLargeFilesIsNotWorthAConnection() throws Exception {
    OpenSshServer server = started(OpenSshServer.start("MaxSessions 1"));
    SftpSession only = volume(server);
    assertAnswers(only);
    RemoteHandle handle = only.opendir(RemotePath.of("/")).get(20, TimeUnit.SECONDS);
    var further = only.forBulk(handle, List.of(), false);

    assertThat(further).hasSize(1);
    assertThat(further.getFirst()).failsWithin(Duration.ofSeconds(20));
    assertThat(only.forBulk(handle, List.of(), false)).isEmpty();
    assertAnswers(only);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aChannelForLargeFilesIsOnTheSameConnection() throws Exception {
    OpenSshServer server = started(OpenSshServer.start("MaxSessions 2"));
    SftpSession volume = volume(server);
    RemoteHandle handle = volume.opendir(RemotePath.of("/")).get(20, TimeUnit.SECONDS);
    SftpClient further =
        volume.forBulk(handle, List.of(), false).getFirst().get(20, TimeUnit.SECONDS);

    assertThat(further.lstat(RemotePath.of("/")).get(20, TimeUnit.SECONDS).mode()).isNotNull();
    assertAnswers(volume(server));
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  @SemanticsRow("sharing.slow")
  void aVolumeWhoseServerProcessHangsHoldsUpNoOther() throws Exception {
    OpenSshServer server =
        started(OpenSshServer.withSftpServer(OpenSshServer.EXTERNAL_SFTP_SERVER));
    SftpSession slow = volume(server);
    assertAnswers(slow);
    List<ProcessHandle> before = server.sftpServers();
    SftpSession quick = volume(server);
    assertAnswers(quick);
    assertThat(before).hasSize(1);
    String hanging = Long.toString(before.getFirst().pid());
    Command.run("kill", "-STOP", hanging);
    try {
      var waiting = slow.stat(RemotePath.of("/"));
      for (int i = 0; i < 100; i++) {
        assertAnswers(quick);
      }
      assertThat(waiting).isNotDone();
    } finally {
      Command.run("kill", "-CONT", hanging);
    }
    assertAnswers(slow);
    assertThat(server.connections()).isEqualTo(1);
  }
}
