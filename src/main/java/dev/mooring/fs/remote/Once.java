package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out requests that must not be carried out twice. Where the reply is lost with its
 * channel, the server is asked what there is now: a request that left its trace has been carried
 * out, one that left none is sent again, and where the trace could be somebody else's the caller
 * gets EIO, once. What it finds is inferred, not known: docs/SEMANTICS.md says what that means.
 */
final class Once {
  private final Wire wire;

  Once(Wire wire) {
    this.wire = wire;
  }

  /** What the server shows of a request whose reply was lost. */
  enum Trace {
    /** It is as the request would have left it. */
    DONE,
    /** It is as it was before. */
    NOT_DONE,
    /** It could be either, or somebody else's doing. */
    UNCLEAR
  }

  /** Asks the server for the trace of a request. */
  @FunctionalInterface
  interface Look {
    Trace look() throws ErrnoException;
  }

  /**
   * How a request ended that did not fail.
   *
   * @param reply of the one that was answered; null when it was found to have been carried out
   * @param lost whether a channel was lost in between, so that what was asked in the same burst may
   *     be older than it
   */
  record Outcome<T>(@Nullable T reply, boolean lost) {}

  /**
   * Waits for a request that has been sent, and repeats it only as said above.
   *
   * @param sent the request as it was sent first
   * @param again the same once more
   * @param explanation what a refusal means that came without a loss before it
   */
  <T> Outcome<T> await(
      CompletableFuture<? extends T> sent,
      Supplier<? extends CompletableFuture<? extends T>> again,
      Look look,
      Caller caller,
      Wire.Explanation explanation)
      throws ErrnoException {
    CompletableFuture<? extends T> reply = sent;
    boolean lost = false;
    while (true) {
      wire.settle(reply, caller);
      if (reply.state() == CompletableFuture.State.SUCCESS) {
        return new Outcome<>(reply.resultNow(), lost);
      }
      Throwable failure = Wire.failure(reply);
      boolean refused = failure instanceof SftpException;
      if (!SftpClient.isLost(failure) && !(refused && lost)) {
        return new Outcome<>(wire.get(reply, caller, explanation), lost);
      }
      switch (look.look()) {
        case DONE -> {
          return new Outcome<>(null, true);
        }
        case UNCLEAR -> throw unclear(failure);
        case NOT_DONE -> {
          if (refused) {
            // The one that was lost has no part in this refusal.
            return new Outcome<>(wire.get(reply, caller, explanation), true);
          }
          lost = true;
          reply = again.get();
        }
      }
    }
  }

  /** What a caller is told where the server does not show it. */
  static ErrnoException unclear(Throwable failure) {
    return new ErrnoException(
        Errno.EIO,
        "the connection was lost and it cannot be told whether the request was carried out",
        failure);
  }
}
