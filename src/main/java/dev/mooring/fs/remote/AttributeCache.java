package dev.mooring.fs.remote;

import dev.mooring.sftp.RemoteAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What the server last said of one node, kept from going back in time: while an own change is under
 * way nothing is stored, and afterwards nothing that was asked for before it ended. Thread-safe.
 */
final class AttributeCache {

  /** An answer and when it was asked for. */
  record Seen(RemoteAttributes attributes, Asked asked) {}

  private int changing;
  private long changedTick;
  private @Nullable Seen seen;
  private @Nullable Seen last;

  /** Stores an answer unless something newer is known; false when it must not be believed. */
  synchronized boolean learn(RemoteAttributes attributes, Asked asked) {
    if (changing > 0 || asked.tick() < changedTick) {
      return false;
    }
    if (seen == null || seen.asked().tick() < asked.tick()) {
      keep(new Seen(attributes, asked));
    }
    return true;
  }

  private void keep(Seen answer) {
    seen = answer;
    last = answer;
  }

  /** An own change is about to be sent. Each is followed by one {@link #endChange}. */
  synchronized void beginChange() {
    changing++;
    seen = null;
  }

  /**
   * A change has ended.
   *
   * @param after what the server said behind the change; null when that is not known
   * @param tick of now
   */
  synchronized void endChange(@Nullable Seen after, long tick) {
    changing--;
    boolean alone = changing == 0 && after != null && after.asked().tick() >= changedTick;
    changedTick = tick;
    seen = null;
    if (alone && after != null) {
      keep(after);
    }
  }

  /** What is known now, however old. */
  synchronized @Nullable Seen seen() {
    return seen;
  }

  /** What was last known, even if own changes have outdated it. */
  synchronized @Nullable Seen last() {
    return last;
  }

  /** Whether the server has not answered all own changes yet. */
  synchronized boolean isChanging() {
    return changing > 0;
  }

  /** Believes nothing any more that was asked for until now. */
  synchronized void invalidate(long tick) {
    changedTick = Math.max(changedTick, tick);
    seen = null;
  }

  /** The tick of the last own change; 0 for none. */
  synchronized long changedTick() {
    return changedTick;
  }
}
