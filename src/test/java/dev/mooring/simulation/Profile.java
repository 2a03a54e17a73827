package dev.mooring.simulation;

import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.testing.ServerDialect;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Under which conditions steps are taken.
 *
 * @param together callers call at the same time; otherwise each waits for the one before
 */
record Profile(Coherence coherence, Server server, boolean together) {

  /** For how long answers are believed. */
  enum Coherence {
    STRICT,
    CLOSE_TO_OPEN,
    RELAXED
  }

  /** What is at the other end. */
  enum Server {
    OPENSSH,
    /** The same with replies out of order. */
    SHUFFLING,
    /** One without extensions, with short reads and replies out of order. */
    PLAIN
  }

  RemoteSettings.Lifetimes lifetimes() {
    return switch (coherence) {
      case STRICT -> RemoteSettings.Lifetimes.STRICT;
      case CLOSE_TO_OPEN -> RemoteSettings.Lifetimes.CLOSE_TO_OPEN;
      case RELAXED -> RemoteSettings.Lifetimes.RELAXED;
    };
  }

  ServerDialect dialect() {
    return switch (server) {
      case OPENSSH -> ServerDialect.OPENSSH;
      case SHUFFLING -> ServerDialect.OPENSSH.outOfOrderReplies();
      case PLAIN -> ServerDialect.PLAIN.outOfOrderReplies();
    };
  }

  /** After how long all that another client did must be seen. */
  Duration staleness() {
    return lifetimes().attributes();
  }

  static Profile drawn(SplittableRandom random) {
    return new Profile(
        Coherence.values()[random.nextInt(3)],
        Server.values()[random.nextInt(3)],
        random.nextInt(3) == 0);
  }

  @Override
  public String toString() {
    return "new Profile(Coherence.%s, Server.%s, %s)".formatted(coherence, server, together);
  }
}
