package dev.mooring.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mooring.sftp.SessionStatus.State;
import dev.mooring.ssh.ConnectionLost;
import dev.mooring.ssh.SshFailure;
import dev.mooring.ssh.SshTrouble;
import dev.mooring.testing.InMemorySftpServer;
import dev.mooring.testing.LockStepPace;
import dev.mooring.testing.ReferenceFileSystem;
import dev.mooring.testing.ServerDialect;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SftpSessionTest {
  private final LockStepPace pace = new LockStepPace();
  private final InMemorySftpServer server =
      new InMemorySftpServer(new ReferenceFileSystem(pace), ServerDialect.OPENSSH, pace.network());
  private @Nullable IOException outage;
  private int attempts;

  private SftpSession session() {
    ChannelSource source =
        () -> {
          attempts++;
          if (outage != null) {
            throw outage;
          }
          return server.open();
        };
    return new SftpSession(source, pace, SftpSettings.DEFAULT, new Random(1));
  }

  @Test
  void requestsWaitForTheFirstConnection() throws Exception {
    SftpSession session = session();

    pace.run(() -> assertThat(pace.get(session.lstat(RemotePath.LOGIN)).mode()).isNotNull());

    assertThat(session.status().state()).isEqualTo(State.CONNECTED);
    assertThat(session.status().roundTrip()).isEqualTo(Duration.ofMillis(20));
    assertThat(session.extensions()).hasSize(11);
    assertThat(session.limits().maxReadBytes()).isEqualTo(261_120);
  }

  @Test
  void lostChannelIsReplacedAndItsHandlesAreDead() throws Exception {
    SftpSession session = session();
    pace.run(() -> {
      RemoteHandle handle = pace.get(session.opendir(RemotePath.LOGIN));
      CompletableFuture<RemoteAttributes> question = session.lstat(RemotePath.LOGIN);
      CompletableFuture<Void> change = session.rmdir(RemotePath.of("/none"));
      server.cut("cable pulled");

      assertThatThrownBy(() -> pace.get(change))
          .isInstanceOf(ConnectionLost.class)
          .hasMessageContaining("cable pulled");
      assertThat(pace.get(question).mode()).isNotNull();
      assertThat(handle.isLive()).isFalse();
      assertThatThrownBy(() -> pace.get(session.readdir(handle)))
          .isInstanceOf(ConnectionLost.class);
      pace.get(session.close(handle));
      assertThat(pace.get(session.opendir(RemotePath.LOGIN)).epoch()).isEqualTo(2);
    });
    assertThat(session.status().connections()).isEqualTo(2);
    assertThat(session.status().lastFailure()).hasMessageContaining("cable pulled");
  }

  @Test
  void whileTheServerIsDownRequestsEndWithTheReason() throws Exception {
    outage = new IOException("the server is down");
    SftpSession session = session();

    pace.run(() -> {
      assertThatThrownBy(() -> pace.get(session.firstAttempt())).hasMessage("the server is down");
      long began = pace.nanoTime();
      assertThatThrownBy(() -> pace.get(session.lstat(RemotePath.LOGIN)))
          .isInstanceOf(ConnectionLost.class)
          .hasMessageContaining("the server is down");
      assertThat(Duration.ofNanos(pace.nanoTime() - began)).isEqualTo(Duration.ofSeconds(30));
    });

    assertThat(session.status().state()).isEqualTo(State.RECONNECTING);
    // Pauses of 0.5 to 1 s, after four shorter ones.
    assertThat(attempts).isBetween(32, 63);
    assertThat(session.status().failedAttempts()).isEqualTo(attempts);
  }

  @Test
  void closingEndsWhatWaitsAndNothingIsTriedAfterwards() throws Exception {
    outage = new IOException("the server is down");
    SftpSession session = session();
    pace.run(() -> {
      CompletableFuture<RemoteAttributes> waiting = session.lstat(RemotePath.LOGIN);
      session.close();
      session.close();
      assertThatThrownBy(() -> pace.get(waiting)).hasMessageContaining("closed");
      assertThatThrownBy(() -> pace.get(session.lstat(RemotePath.LOGIN)))
          .hasMessageContaining("closed");
      pace.sleep(Duration.ofHours(1));
    });
    assertThat(attempts).isZero();
    assertThat(session.status().state()).isEqualTo(State.CLOSED);
  }

  @Test
  void serverThatRefusedUsIsLeftAloneForAMinute() throws Exception {
    outage = new SshFailure(SshTrouble.PASSWORD_REFUSED, "me@host:22", null, "password", "it");
    SftpSession session = session();

    pace.run(() -> {
      pace.sleep(Duration.ofMinutes(1));
      assertThat(attempts).isEqualTo(1);
      pace.sleep(Duration.ofSeconds(1));
      assertThat(attempts).isEqualTo(2);
      outage = null;
      pace.sleep(Duration.ofSeconds(61));
    });

    assertThat(attempts).isEqualTo(3);
    assertThat(session.status().state()).isEqualTo(State.CONNECTED);
  }

  @Test
  void longOutageDoesNotMakeTheNextCutLonger() throws Exception {
    outage = new IOException("the cable is unplugged");
    SftpSession session = session();

    pace.run(() -> {
      pace.sleep(Duration.ofMinutes(1));
      outage = null;
      while (session.status().state() != State.CONNECTED) {
        pace.sleep(Duration.ofMillis(100));
      }
      long cut = pace.nanoTime();
      server.cut("cable pulled");
      pace.get(session.lstat(RemotePath.LOGIN));

      assertThat(Duration.ofNanos(pace.nanoTime() - cut)).isLessThan(Duration.ofSeconds(1));
    });
  }

  @Test
  void requestThatWaitedInVainSaysWhyThereIsNoConnection() throws Exception {
    outage = new SshFailure(SshTrouble.KEY_REVOKED, "me@host:22", null, "of it", "somebody");
    SftpSession session = session();

    pace.run(() ->
        assertThatThrownBy(() -> pace.get(session.lstat(RemotePath.LOGIN)))
            .isInstanceOf(ConnectionLost.class)
            .hasMessageContaining("not connected: host key failed for me@host:22")
            .hasCause(outage));
  }
}
