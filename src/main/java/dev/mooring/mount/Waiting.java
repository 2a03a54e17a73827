package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Waiting for what a mount is made of, on nobody's behalf but our own. */
final class Waiting {
  private Waiting() {}

  /** One who may wait so long. */
  static Caller within(Duration time, Pace pace) {
    return new Caller(0, 0, 0, 0, pace.nanoTime() + time.toNanos(), true, Cancellation.NEVER);
  }

  /** What the future holds, when it is there. */
  static <T> T result(CompletableFuture<T> future, Caller caller, Pace pace) throws IOException {
    pace.await(future, caller);
    try {
      return future.join();
    } catch (CompletionException e) {
      throw asIoException(e.getCause() == null ? e : e.getCause());
    }
  }

  private static IOException asIoException(Throwable cause) {
    return switch (cause) {
      case IOException failure -> failure;
      case TimeoutException late -> new IOException("the server did not answer in time", late);
      default -> new IOException(cause.toString(), cause);
    };
  }
}
