package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks for a name to be made and what is there then, in one burst; and again where others take
 * turns with that name, as they do with a lock file.
 */
final class Attempts {
  /** How often: who loses sixteen times in a row has a server that fails. */
  private static final int TRIES = 16;

  private final Shared shared;
  private final NodeAttributes attributes;

  Attempts(Shared shared, NodeAttributes attributes) {
    this.shared = shared;
    this.attributes = attributes;
  }

  /**
   * What an attempt came to: both futures have ended.
   *
   * @param made of the request that makes it
   * @param seen what was there behind that
   * @param asked before either was sent
   */
  record Attempt<T>(
      CompletableFuture<T> made, CompletableFuture<RemoteAttributes> seen, Asked asked) {

    /** Whether it was refused, and something is there that we have not made. */
    boolean foundAnother() {
      return failure() && seen.state() == CompletableFuture.State.SUCCESS;
    }

    private boolean failure() {
      return made.state() == CompletableFuture.State.FAILED
          && made.exceptionNow() instanceof SftpException refusal
          && refusal.status() == SftpStatus.FAILURE;
    }
  }

  /**
   * How a name is made.
   *
   * @param request sends it
   * @param look tells whether it was carried out, where the reply was lost with its channel
   * @param found stands for the reply of one that was found to have been carried out
   * @param unwanted gets what is made when nobody waits for it any more
   * @param explanation of a refusal; EIO stands for one that nothing explains
   */
  record Plan<T>(
      Supplier<CompletableFuture<T>> request,
      Once.Look look,
      Supplier<CompletableFuture<T>> found,
      Consumer<T> unwanted,
      Wire.Explanation explanation) {

    /** Of something without a handle. */
    static Plan<Void> of(
        Supplier<CompletableFuture<Void>> request, Once.Look look, Wire.Explanation explanation) {
      return new Plan<>(
          request, look, () -> CompletableFuture.completedFuture(null), _ -> {}, explanation);
    }
  }

  /** Makes it. */
  <T> Attempt<T> make(RemotePath path, Plan<T> plan, Caller caller) throws ErrnoException {
    Attempt<T> attempt = sendUntilAnswered(path, plan, caller);
    for (int i = 1; i < TRIES && isContended(attempt, plan.explanation(), caller); i++) {
      attempt = sendUntilAnswered(path, plan, caller);
    }
    return attempt;
  }

  private <T> Attempt<T> sendUntilAnswered(RemotePath path, Plan<T> plan, Caller caller)
      throws ErrnoException {
    Attempt<T> attempt = send(path, plan.request(), plan.unwanted(), caller);
    while (Wire.isLost(attempt.made())) {
      attempt =
          switch (plan.look().look()) {
            case DONE -> send(path, plan.found(), plan.unwanted(), caller);
            case NOT_DONE -> send(path, plan.request(), plan.unwanted(), caller);
            case UNCLEAR -> throw Once.unclear(Wire.failure(attempt.made()));
          };
    }
    return attempt;
  }

  /** The name could not be made, and yet there is nothing: it was there a moment ago. */
  private boolean isContended(Attempt<?> attempt, Wire.Explanation explanation, Caller caller)
      throws ErrnoException {
    if (!attempt.failure() || !Lookups.isMissing(attempt.seen())) {
      return false;
    }
    try {
      result(attempt, explanation, caller);
      return false;
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EIO) {
        throw e;
      }
      return true;
    }
  }

  /** What was made. */
  <T> T result(Attempt<T> attempt, Wire.Explanation explanation, Caller caller)
      throws ErrnoException {
    return shared
        .wire()
        .get(
            attempt.made(),
            caller,
            refusal ->
                attempt.foundAnother()
                    ? new ErrnoException(Errno.EEXIST, "it is there already", refusal)
                    : explanation.explain(refusal));
  }

  private <T> Attempt<T> send(
      RemotePath path, Supplier<CompletableFuture<T>> request, Consumer<T> unwanted, Caller caller)
      throws ErrnoException {
    Asked asked = shared.now();
    CompletableFuture<T> made = request.get();
    CompletableFuture<RemoteAttributes> seen = attributes.stat(path);
    try {
      shared.wire().settle(made, caller);
      shared.wire().settle(seen, caller);
    } catch (ErrnoException e) {
      made.thenAccept(unwanted);
      throw e;
    }
    return new Attempt<>(made, seen, asked);
  }
}
