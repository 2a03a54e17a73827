package dev.mooring.fuse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One mount that is being served. Thread-safe. */
public interface FuseSession extends AutoCloseable {
  /** Where it was mounted. */
  Path mountPoint();

  /**
   * Completes, always normally, when the kernel has let go of it: somebody unmounted it and nothing
   * has it open or bound elsewhere. All references have been forgotten by then.
   */
  CompletableFuture<Void> ended();

  /**
   * Detaches the mount (what has it open may go on), waits so long for the end, and then aborts the
   * connection, which may take another second. Must not be called on a thread that serves.
   * Repeating it does nothing.
   */
  void close(Duration patience);

  /** As {@link #close(Duration)}, with a patience of ten seconds. */
  @Override
  default void close() {
    close(Duration.ofSeconds(10));
  }
}
