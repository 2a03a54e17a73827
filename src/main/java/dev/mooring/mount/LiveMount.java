package dev.mooring.mount;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A mount that is being served, with all that is below it. It outlives its connection: losing that
 * one never ends the mount. Thread-safe.
 */
public interface LiveMount extends AutoCloseable {
  /** Where it is. */
  Path mountPoint();

  /**
   * Completes, always normally, when the kernel has let go of the mount, because of {@link #close}
   * or because somebody unmounted it. What is below is still there: {@link #close} is always due.
   */
  CompletableFuture<Void> ended();

  /** How it is. Answers from memory. */
  MountStatus status();

  /**
   * Writes what is dirty, for at most seven seconds, unmounts and closes the connection; all within
   * nine seconds. Bytes that the server has not taken by then are lost, which is logged with their
   * number for each file. What has the mount open loses it. Must not be called on a thread that
   * serves. Who repeats it waits for the first to be done.
   */
  @Override
  void close();
}
