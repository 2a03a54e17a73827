package dev.mooring.fuse;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs what must not pin a carrier. A native call or a file call on a mount of ours holds the
 * carrier of its virtual thread; when that carrier is the only one, nobody is left to serve the
 * mount, and both wait for ever.
 */
public final class PlatformThread {
  private PlatformThread() {}

  /** What is run. */
  @FunctionalInterface
  public interface Call<T> {
    /** Runs. */
    T run() throws IOException;
  }

  /**
   * Runs the call on this thread if it is a platform thread, else on one of its own, and waits for
   * it; an interrupt meanwhile is kept for later.
   */
  public static <T> T call(String name, Call<T> call) throws IOException {
    if (!Thread.currentThread().isVirtual()) {
      return call.run();
    }
    FutureTask<T> task = new FutureTask<>(call::run);
    Thread.ofPlatform().daemon().name("mooring-" + name).start(task);
    return join(task);
  }

  private static <T> T join(FutureTask<T> task) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw asThrown(Objects.requireNonNull(e.getCause()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException asThrown(Throwable cause) {
    if (cause instanceof IOException e) {
      return e;
    }
    throw Libc.unexpected(cause);
  }
}
