package dev.mooring.volume;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Saves the state for many callers at once: whoever comes while a save is going on waits for the
 * next one, which serves all who wait. Thread-safe.
 */
final class StateKeeper {
  private final StateStore store;
  private final Supplier<StoredState> present;
  private final AtomicLong asked = new AtomicLong();
  private final ReentrantLock saving = new ReentrantLock();

  /** The requests up to this one are served; guarded by {@link #saving}. */
  private long served;

  /**
   * In a store that has been loaded.
   *
   * @param present the state as it is now
   */
  StateKeeper(StateStore store, Supplier<StoredState> present) {
    this.store = store;
    this.present = present;
  }

  /** Returns when a state is saved that was taken after this call began. */
  void save() throws IOException {
    long mine = asked.incrementAndGet();
    saving.lock();
    try {
      if (served < mine) {
        long all = asked.get();
        store.save(present.get());
        served = all;
      }
    } finally {
      saving.unlock();
    }
  }
}
