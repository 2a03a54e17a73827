package dev.mooring.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state beyond the process's life. Not thread-safe: {@link VolumeRegistry} takes turns.
 */
public interface StateStore {

  /** What {@link #load} found. */
  sealed interface Loaded {
    /**
     * The state as it was saved last, or the one before where the last cannot be read.
     *
     * @param state null when nothing was ever saved
     * @param warning what was wrong with the last; null when nothing was
     */
    record Found(@Nullable StoredState state, @Nullable String warning) implements Loaded {}

    /**
     * There is a state, but no generation of it can be read. Nothing may be saved over it.
     *
     * @param reason for a person, with the paths
     */
    record Unreadable(String reason) implements Loaded {}
  }

  /** Reads what was saved. Called once, first. */
  Loaded load();

  /**
   * Saves; on return it survives a power cut.
   *
   * @throws IOException when it may not have been saved; what was there before is still there
   */
  void save(StoredState state) throws IOException;
}
