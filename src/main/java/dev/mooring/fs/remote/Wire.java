package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Waits for replies on behalf of callers and turns what ended them into errno: the one place where
 * failures of the server or of the connection become {@link ErrnoException}. Thread-safe.
 */
final class Wire {
  private final Pace pace;

  Wire(Pace pace) {
    this.pace = pace;
  }

  /** Finds out more about a refusal; may ask the server. */
  @FunctionalInterface
  interface Explanation {
    ErrnoException explain(SftpException refusal) throws ErrnoException;
  }

  /** Waits; a refusal means what {@link StatusTranslation} says of the operation. */
  <T> T get(Operation operation, CompletableFuture<T> reply, Caller caller) throws ErrnoException {
    return get(reply, caller, refusal -> StatusTranslation.exception(operation, refusal));
  }

  /** Waits; a refusal means what {@code explanation} makes of it. */
  <T> T get(CompletableFuture<T> reply, Caller caller, Explanation explanation)
      throws ErrnoException {
    pace.await(reply, caller);
    if (reply.state() == CompletableFuture.State.SUCCESS) {
      return reply.resultNow();
    }
    Throwable failure = failure(reply);
    if (failure instanceof SftpException refusal) {
      throw explanation.explain(refusal);
    }
    throw broken(failure);
  }

  /** Waits until it has ended, in whatever way. */
  void settle(CompletableFuture<?> reply, Caller caller) throws ErrnoException {
    pace.await(reply, caller);
  }

  /**
   * Waits for something that stands behind writes. Its deadline begins anew as long as the server
   * takes any of them in time: a slow line is no dead one, and a close(2) that gives up loses data.
   */
  void settleBehind(WriteBehind writes, CompletableFuture<?> reply, Caller caller)
      throws ErrnoException {
    long allowance = caller.deadlineNanos() - pace.nanoTime();
    Caller patient = caller;
    while (true) {
      long ended = writes.ended();
      try {
        pace.await(reply, patient);
        return;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ETIMEDOUT || writes.ended() == ended) {
          throw e;
        }
        patient = caller.until(pace.nanoTime() + allowance);
      }
    }
  }

  /**
   * Sends a question that changes nothing, and again, twice at most, when the channel was lost
   * under it: the client waits for the next channel by itself.
   */
  static <T> CompletableFuture<T> repeating(Supplier<CompletableFuture<T>> question) {
    return repeating(question, 2);
  }

  private static <T> CompletableFuture<T> repeating(
      Supplier<CompletableFuture<T>> question, int more) {
    return question
        .get()
        .exceptionallyCompose(failed ->
            more > 0 && SftpClient.isLost(failed)
                ? repeating(question, more - 1)
                : CompletableFuture.failedFuture(failed));
  }

  /** What ended a future that has failed. */
  static Throwable failure(CompletableFuture<?> reply) {
    return reply.state() == CompletableFuture.State.CANCELLED
        ? new CancellationException()
        : reply.exceptionNow();
  }

  /** What anything but a refusal means: the connection, a deadline, or an error found before. */
  static ErrnoException broken(Throwable failure) {
    if (failure instanceof ErrnoException known) {
      return new ErrnoException(known.errno(), String.valueOf(known.getMessage()), known);
    }
    return new ErrnoException(Errno.EIO, String.valueOf(failure.getMessage()), failure);
  }
}
