package dev.mooring.fs.remote;

import dev.mooring.fs.Pace;
import dev.mooring.sftp.RemoteAttributes;

/**
 * The time on the server, for what is set to now: make(1) compares it with times that the server
 * has set. Known from what was just made there; this machine's until then, and where the two differ
 * by no more than a round trip may explain. Thread-safe.
 */
final class ServerClock {
  private static final long SAME_SECONDS = 2;

  private final Pace pace;
  private volatile long aheadSeconds;

  ServerClock(Pace pace) {
    this.pace = pace;
  }

  /** The server has made something just now and says so of it. */
  void made(RemoteAttributes said) {
    RemoteAttributes.Times times = said.times();
    if (times != null) {
      long ahead = times.modifiedSeconds() - pace.epochSeconds();
      aheadSeconds = Math.abs(ahead) <= SAME_SECONDS ? 0 : ahead;
    }
  }

  /** Seconds since the epoch. */
  long now() {
    return pace.epochSeconds() + aheadSeconds;
  }
}
