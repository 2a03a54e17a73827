package dev.mooring.sftp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Pace;
import dev.mooring.ssh.ServerText;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with a server, for the log: each kind of it at once, and then, however often the
 * server repeats it, once a minute with the number of lines that were left out. Thread-safe.
 */
public final class Complaints {
  private static final Logger log = LoggerFactory.getLogger(Complaints.class);
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  /** What is told apart; of each kind there is one line a minute. */
  public enum Kind {
    /** The connection was lost, or the server broke the protocol and we closed it. */
    CONNECTION,
    /** A listing has names that no file can have. */
    NAME,
    /** A listing does not end, or has more entries than we take. */
    LISTING,
    /** The target of a link cannot be one. */
    TARGET
  }

  private static final class Told {
    private long nanos;
    private long leftOut;
  }

  private final String server;
  private final Pace pace;

  @GuardedBy("this")
  private final Map<Kind, Told> told = new EnumMap<>(Kind.class);

  /**
   * Nothing yet.
   *
   * @param server how people call it
   */
  public Complaints(String server, Pace pace) {
    this.server = server;
    this.pace = pace;
  }

  /**
   * Warns of something, unless something of this kind was warned of within the last minute.
   *
   * @param what may have words of the server in it
   * @return whether there is a line now
   */
  public boolean warn(Kind kind, String what) {
    long leftOut = leftOut(kind);
    if (leftOut < 0) {
      return false;
    }
    String more = leftOut == 0 ? "" : " (and %d times more before this)".formatted(leftOut);
    log.warn("{}: {}{}", server, ServerText.escape(what), more);
    return true;
  }

  /** How many were left out before this one; -1 when this one is left out too. */
  private synchronized long leftOut(Kind kind) {
    long now = pace.nanoTime();
    Told last = told.get(kind);
    if (last == null) {
      last = new Told();
      told.put(kind, last);
    } else if (now - last.nanos < PAUSE_NANOS) {
      last.leftOut++;
      return -1;
    }
    long leftOut = last.leftOut;
    last.nanos = now;
    last.leftOut = 0;
    return leftOut;
  }
}
