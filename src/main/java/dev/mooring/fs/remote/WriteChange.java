package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.sftp.RemoteAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Tells a node's attribute cache when pending writes outdate it: from the first change taken in
 * until all have ended. An answer that was asked for behind the last of them is remembered then.
 * Thread-safe.
 */
final class WriteChange {
  private final Ticks ticks;
  private final AttributeCache attributes;

  @GuardedBy("this")
  private int changes;

  @GuardedBy("this")
  private int questions;

  @GuardedBy("this")
  private boolean open;

  @GuardedBy("this")
  private long lastChangeTick;

  @GuardedBy("this")
  private AttributeCache.@Nullable Seen after;

  WriteChange(Ticks ticks, AttributeCache attributes) {
    this.ticks = ticks;
    this.attributes = attributes;
  }

  /** Something was taken in. */
  synchronized void queued(boolean changesFile) {
    if (!changesFile) {
      return;
    }
    changes++;
    lastChangeTick = ticks.next();
    after = null;
    if (!open) {
      open = true;
      attributes.beginChange();
    }
  }

  /** What was taken in before has become more. */
  synchronized void grown() {
    lastChangeTick = ticks.next();
    after = null;
  }

  /** Attributes are about to be asked for behind what was taken in; answers a mark for the end. */
  synchronized long asking() {
    questions++;
    return lastChangeTick;
  }

  /** They were answered, or not. */
  synchronized void answered(@Nullable RemoteAttributes said, Asked asked, long mark) {
    questions--;
    if (said != null && open && mark == lastChangeTick) {
      after = new AttributeCache.Seen(said, asked);
    }
    endIfDone();
  }

  /** Something taken in has ended. */
  synchronized void ended(boolean changedFile) {
    if (changedFile) {
      changes--;
      endIfDone();
    }
  }

  @GuardedBy("this")
  private void endIfDone() {
    if (open && changes == 0 && questions == 0) {
      open = false;
      attributes.endChange(after, ticks.next());
    }
  }
}
