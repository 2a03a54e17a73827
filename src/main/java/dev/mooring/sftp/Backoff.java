package dev.mooring.sftp;

import dev.mooring.ssh.SshFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt to connect: from 0.1 s doubling to 1 s for the first
 * half minute, in which callers still wait, then doubling to 30 s; half of it by chance, so that
 * many clients of one server do not come back in step. For one thread at a time.
 *
 * <p>Where the server refused us, at least a minute passes: sshd punishes an address that keeps
 * failing to log in (PerSourcePenalties) by refusing everybody there.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 100;

  /** An outage that ends within a caller's time is noticed within it. */
  private static final long EAGER_MILLIS = 1_000;

  private static final int EAGER_FAILURES = 40;
  private static final long LONGEST_MILLIS = 30_000;
  private static final Duration REFUSED = Duration.ofMinutes(1);

  private final RandomGenerator chance;

  Backoff(RandomGenerator chance) {
    this.chance = chance;
  }

  /**
   * The pause before an attempt.
   *
   * @param failures how many attempts have failed in a row, 0 after a loss
   * @param last what the last of them failed with, or why the channel was lost
   */
  Duration after(int failures, IOException last) {
    long most =
        failures < EAGER_FAILURES
            ? Math.min(EAGER_MILLIS, FIRST_MILLIS << failures)
            : Math.min(LONGEST_MILLIS, EAGER_MILLIS << Math.min(failures - EAGER_FAILURES, 10));
    Duration pause = Duration.ofMillis(most / 2 + chance.nextLong(most / 2 + 1));
    return isRefusal(last) ? pause.plus(REFUSED) : pause;
  }

  private static boolean isRefusal(IOException failure) {
    return failure instanceof SshFailure ssh && ssh.isRefusal();
  }
}
