package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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
    settle(reply, caller);
    if (reply.state() == CompletableFuture.State.SUCCESS) {
      return reply.resultNow();
    }
    Throwable failure = failure(reply);
    if (failure instanceof SftpException refusal) {
      throw explanation.explain(refusal);
    }
    throw broken(failure);
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
      long ended = writes.acknowledgedBytes();
      try {
        settle(reply, patient);
        return;
      } catch (ErrnoException e) {
        if (!isOverdue(e) || writes.acknowledgedBytes() == ended) {
          throw e;
        }
        patient = caller.until(pace.nanoTime() + allowance);
      }
    }
  }

  /**
   * Waits until it has ended, in whatever way.
   *
   * @throws ErrnoException EIO when the caller's deadline passed, EINTR when the call was cancelled
   */
  void settle(CompletableFuture<?> reply, Caller caller) throws ErrnoException {
    try {
      pace.await(reply, caller);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ETIMEDOUT
          ? new ErrnoException(Errno.EIO, "no answer from the server within the time limit", e)
          : e;
    }
  }

  /** Whether that is what {@link #settle} throws when the deadline passed. */
  static boolean isOverdue(ErrnoException error) {
    return error.getCause() instanceof ErrnoException cause && cause.errno() == Errno.ETIMEDOUT;
  }

  /** What a stage of a future failed with, without the wrapping. */
  static Throwable cause(Throwable failed) {
    return failed instanceof CompletionException && failed.getCause() != null
        ? failed.getCause()
        : failed;
  }

  /** Whether a request ended because its channel was lost. */
  static boolean isLost(CompletableFuture<?> reply) {
    return reply.state() == CompletableFuture.State.FAILED
        && SftpClient.isLost(reply.exceptionNow());
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
