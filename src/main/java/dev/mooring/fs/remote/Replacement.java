package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Renaming over something on a server without posix-rename@openssh.com: what is in the way is put
 * aside, the entry is renamed, and what was put aside is removed, or put back if that failed. For a
 * moment the new name does not exist; there is no better way in plain version 3.
 */
final class Replacement {
  /** Each of its requests ends much sooner by itself. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Shared shared;
  private final RemotePath from;
  private final RemotePath to;
  private final RemotePath aside;

  Replacement(Shared shared, RemotePath from, RemotePath to) {
    this.shared = shared;
    this.from = from;
    this.to = to;
    byte[] path = new byte[to.length()];
    to.bytes().get(path);
    byte[] suffix =
        (".mooring-" + Long.toHexString(shared.now().tick())).getBytes(StandardCharsets.US_ASCII);
    byte[] joined = Arrays.copyOf(path, path.length + suffix.length);
    System.arraycopy(suffix, 0, joined, path.length, suffix.length);
    aside = RemotePath.of(joined);
  }

  /**
   * Begins, on a thread of its own: whoever waits may be killed at any moment, and what was put
   * aside must not stay there.
   */
  CompletableFuture<Void> begin(Caller caller) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Caller steadfast =
        new Caller(
            caller.uid(),
            caller.gid(),
            caller.pid(),
            caller.umask(),
            shared.pace().nanoTime() + LONGEST.toNanos(),
            true,
            Cancellation.NEVER);
    shared
        .pace()
        .execute(() -> {
          try {
            carryOut(steadfast);
            done.complete(null);
          } catch (ErrnoException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private void carryOut(Caller caller) throws ErrnoException {
    CompletableFuture<Void> direct = rename(from, to, caller);
    if (direct.state() == CompletableFuture.State.SUCCESS) {
      return;
    }
    FileType source = typeAt(from, caller);
    FileType target = typeAt(to, caller);
    if (source == null || target == null) {
      get(direct, caller);
    } else {
      refuseClash(source, target);
    }
    get(rename(to, aside, caller), caller);
    CompletableFuture<Void> second = rename(from, to, caller);
    if (second.state() == CompletableFuture.State.SUCCESS) {
      discard(target == FileType.DIRECTORY, caller);
    } else {
      rename(aside, to, caller);
      get(second, caller);
    }
  }

  /**
   * Renames; where the reply is lost with its channel, what is there tells whether it was done.
   *
   * @return ended, however it ended
   */
  private CompletableFuture<Void> rename(RemotePath source, RemotePath target, Caller caller)
      throws ErrnoException {
    CompletableFuture<Void> reply = shared.client().rename(source, target);
    shared.wire().settle(reply, caller);
    while (Wire.isLost(reply)) {
      if (typeAt(source, caller) == null) {
        return typeAt(target, caller) == null ? reply : CompletableFuture.completedFuture(null);
      }
      reply = shared.client().rename(source, target);
      shared.wire().settle(reply, caller);
    }
    return reply;
  }

  /** A directory that turns out not to be empty goes back, and everything is as it was. */
  private void discard(boolean directory, Caller caller) throws ErrnoException {
    CompletableFuture<Void> removed =
        directory ? shared.client().rmdir(aside) : shared.client().remove(aside);
    shared.wire().settle(removed, caller);
    if (directory && removed.state() != CompletableFuture.State.SUCCESS) {
      get(rename(to, from, caller), caller);
      get(rename(aside, to, caller), caller);
      throw new ErrnoException(Errno.ENOTEMPTY, "the directory in the way is not empty");
    }
  }

  /** An empty directory may be replaced by another: whether it is empty shows when it goes. */
  private void refuseClash(FileType source, FileType target) throws ErrnoException {
    Errno clash = Refusals.clash(from, source, to, target);
    boolean directories = source == FileType.DIRECTORY && target == FileType.DIRECTORY;
    if (clash != null && !(directories && clash == Errno.ENOTEMPTY)) {
      throw new ErrnoException(clash, "what is there cannot be replaced");
    }
  }

  private @Nullable FileType typeAt(RemotePath path, Caller caller) throws ErrnoException {
    CompletableFuture<RemoteAttributes> found = shared.client().lstat(path);
    shared.wire().settle(found, caller);
    return Lookups.isMissing(found)
        ? null
        : AttributeView.typeOf(shared.wire().get(Operation.LOOKUP, found, caller));
  }

  private void get(CompletableFuture<Void> reply, Caller caller) throws ErrnoException {
    shared.wire().get(reply, caller, refusal -> explain(refusal, caller));
  }

  private ErrnoException explain(SftpException refusal, Caller caller) {
    return shared.refusals().ofRenaming(refusal, from, to, caller);
  }
}
