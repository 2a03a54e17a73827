package dev.mooring.ssh.mina;

import dev.mooring.ssh.SshConnection;
import dev.mooring.ssh.SshFailure;
import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up a connection that hangs while its server is there. After an outage TCP tries again later
 * and later, so that a connection hangs for about as long again. When nothing comes back, the
 * kernel sends again and again, and a login beside it succeeds, the old one is worth nothing.
 *
 * <p>A server that is slow, or whose processes hang, confirms what it gets: its connection is left
 * to the keep-alives. The login is a whole one because sshd penalises those who only look.
 */
final class StallWatch {
  /** Logs in beside the connection that is watched. May wait. */
  @FunctionalInterface
  interface Login {
    SshConnection again() throws SshFailure;
  }

  private static final Logger log = LoggerFactory.getLogger(StallWatch.class);

  private static final String QUESTION = "keepalive@openssh.com";

  /** After how many silent seconds a question is asked, so that there is something to confirm. */
  private static final int ASK_AFTER = 2;

  /** After how many silent seconds the kernel is asked what it does. */
  private static final int LOOK_AFTER = 3;

  /** How often the same must have been sent again: once may happen at any time. */
  private static final int RETRANSMISSIONS = 2;

  private final ClientSession session;
  private final SocketSession socket;
  private final ConnectionEvents events;
  private final IntSupplier retransmissions;
  private final Login login;
  private final AtomicBoolean looking = new AtomicBoolean();
  private int readsSeen;
  private int silentSeconds;

  private StallWatch(
      ClientSession session,
      SocketSession socket,
      ConnectionEvents events,
      IntSupplier retransmissions,
      Login login) {
    this.session = session;
    this.socket = socket;
    this.events = events;
    this.retransmissions = retransmissions;
    this.login = login;
  }

  /** Watches a session that has logged in, until it closes. */
  static void watch(
      ClientSession session, ConnectionEvents events, IntSupplier retransmissions, Login login) {
    if (session.getIoSession() instanceof SocketSession socket) {
      StallWatch watch = new StallWatch(session, socket, events, retransmissions, login);
      ScheduledFuture<?> timer =
          session
              .getFactoryManager()
              .getScheduledExecutorService()
              .scheduleWithFixedDelay(watch::tick, 1, 1, TimeUnit.SECONDS);
      events.closed().thenRun(() -> timer.cancel(false));
    }
  }

  /** Each second, on MINA's timer thread. */
  private void tick() {
    int reads = socket.reads();
    if (!socket.isWaiting() || reads != readsSeen) {
      readsSeen = reads;
      silentSeconds = 0;
      return;
    }
    silentSeconds++;
    if (silentSeconds == ASK_AFTER) {
      ask();
    } else if (silentSeconds >= LOOK_AFTER && looking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("ssh-stall-" + socket.getRemoteAddress()).start(() -> look(reads));
    }
  }

  /** What sshd answers whatever its subsystems do. Does not wait for a key exchange either. */
  private void ask() {
    try {
      Buffer question = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
      question.putString(QUESTION);
      question.putBoolean(true);
      ThreadUtils.runAsInternal(question, asked -> session.request(asked, QUESTION, (_, _) -> {}));
    } catch (IOException | RuntimeException e) {
      log.debug("{} while asking whether {} is there", e, socket.getRemoteAddress());
    }
  }

  private void look(int readsBefore) {
    if (retransmissions.getAsInt() < RETRANSMISSIONS) {
      looking.set(false);
      return;
    }
    try {
      SshConnection beside = login.again();
      if (socket.reads() == readsBefore) {
        giveUp();
      }
      beside.close();
      looking.set(false);
    } catch (SshFailure e) {
      log.debug("{} hangs, and no login beside it: {}", socket.getRemoteAddress(), e.getMessage());
      // Whoever is refused must not ask again; the keep-alives remain.
      looking.set(e.isRefusal());
    }
  }

  private void giveUp() {
    events.sessionException(
        session, new IOException("nothing comes back on it, though the server is there"));
    session.close(true);
  }
}
