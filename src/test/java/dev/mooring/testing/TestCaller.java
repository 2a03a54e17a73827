package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Pace;
import java.time.Duration;

/** Callers for tests: root's process with an umask of 022, unless told otherwise. */
public final class TestCaller {
  private static final int UMASK = 022;

  private TestCaller() {}

  /** Root, who may wait, for at most ten seconds of this pace. */
  public static Caller root(Pace pace) {
    return within(pace, Duration.ofSeconds(10));
  }

  /** Root, who may wait until a deadline that is this far away. */
  public static Caller within(Pace pace, Duration limit) {
    return new Caller(0, 0, 1, UMASK, pace.nanoTime() + limit.toNanos(), true, Cancellation.NEVER);
  }

  /** Root, who may not wait: what memory cannot answer throws {@link dev.mooring.fs.WouldWait}. */
  public static Caller notWaiting(Pace pace) {
    Caller root = root(pace);
    return new Caller(0, 0, 1, UMASK, root.deadlineNanos(), false, root.cancellation());
  }

  /** The same caller with another owner. */
  public static Caller as(Caller caller, int uid, int gid) {
    return new Caller(
        uid,
        gid,
        caller.pid(),
        caller.umask(),
        caller.deadlineNanos(),
        caller.mayWait(),
        caller.cancellation());
  }

  /** The same caller, who can be told to stop. */
  public static Caller cancelledBy(Caller caller, Cancellation cancellation) {
    return new Caller(
        caller.uid(),
        caller.gid(),
        caller.pid(),
        caller.umask(),
        caller.deadlineNanos(),
        caller.mayWait(),
        cancellation);
  }
}
