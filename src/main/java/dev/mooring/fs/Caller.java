package dev.mooring.fs;

/**
 * On whose behalf a call is made, and how long it may take.
 *
 * @param pid 0 when the kernel does not say
 * @param umask taken out of the permissions of what is created
 * @param deadlineNanos the instant of {@link Pace#nanoTime} by which the call must have ended
 * @param mayWait when false, a call that memory cannot answer throws {@link WouldWait} before it
 *     has any effect
 */
public record Caller(
    int uid,
    int gid,
    int pid,
    int umask,
    long deadlineNanos,
    boolean mayWait,
    Cancellation cancellation) {

  /** The same caller on a thread that may wait. */
  public Caller waiting() {
    return mayWait ? this : new Caller(uid, gid, pid, umask, deadlineNanos, true, cancellation);
  }

  /** The same caller with another deadline. */
  public Caller until(long otherDeadlineNanos) {
    return new Caller(uid, gid, pid, umask, otherDeadlineNanos, mayWait, cancellation);
  }

  /**
   * To be called before the first effect of anything that cannot be answered from memory.
   *
   * @throws WouldWait when this caller may not wait
   */
  public void beforeWaiting() throws WouldWait {
    if (!mayWait) {
      throw WouldWait.INSTANCE;
    }
  }
}
