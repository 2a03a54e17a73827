package dev.mooring.fs.remote;

import dev.mooring.fs.ChangeListener;
import java.util.concurrent.atomic.AtomicReference;

/** What one file system forgets when all mounts together know too much. */
final class Forgetting implements NodeBudget.Member {
  /** How many that nobody uses are kept in any case: those of the last few directories. */
  private static final int KEPT = 500;

  private final NodeTable table;
  private final AtomicReference<ChangeListener> listener;

  Forgetting(NodeTable table, AtomicReference<ChangeListener> listener) {
    this.table = table;
    this.listener = listener;
  }

  @Override
  public int nodes() {
    return table.size();
  }

  @Override
  public void forgetIdle() {
    table.forgetIdle(KEPT);
  }

  /** A name that may have changed is one that the kernel lets go of, if nobody uses it there. */
  @Override
  public void askKernel(int nodes) {
    for (LiveNodes.Held held : table.heldForLongest(nodes)) {
      listener.get().entryChanged(held.dir(), held.name());
    }
  }
}
