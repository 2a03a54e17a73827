package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.remote.Once.Look;
import dev.mooring.fs.remote.Once.Trace;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What requests that must not be repeated leave behind on the server, for {@link Once}. */
final class Traces {
  /** How long ago a name may have been seen absent for what is there now to be taken for ours. */
  private static final Duration RECENT = Duration.ofSeconds(2);

  private final SftpClient client;
  private final Wire wire;
  private final Ticks ticks;

  Traces(SftpClient client, Wire wire, Ticks ticks) {
    this.client = client;
    this.wire = wire;
    this.ticks = ticks;
  }

  /** Tells whether what was made is what a request of ours would have made. */
  @FunctionalInterface
  interface Likeness {
    boolean isOurs(RemoteAttributes found) throws ErrnoException;
  }

  /** Whether the server said just now that there was nothing. To be asked before the request. */
  boolean wasAbsent(NodePlace.@Nullable Absence known) {
    return known != null && known.asked().tick() > 0 && ticks.isFresh(known.asked(), RECENT);
  }

  /** Of a request that makes a name. */
  Look made(RemotePath path, boolean wasAbsent, Likeness likeness, Caller caller) {
    return () -> {
      RemoteAttributes found = at(path, caller);
      // Where something else is in the way, sending it again brings the server's own word for that.
      if (found == null || !likeness.isOurs(found)) {
        return Trace.NOT_DONE;
      }
      return wasAbsent ? Trace.DONE : Trace.UNCLEAR;
    };
  }

  /** Like a directory that was just made. */
  static boolean isDirectory(RemoteAttributes found) {
    return AttributeView.typeOf(found) == FileType.DIRECTORY;
  }

  /** Like a file that was just made. */
  static boolean isEmptyFile(RemoteAttributes found) {
    return AttributeView.typeOf(found) == FileType.REGULAR && Objects.equals(found.size(), 0L);
  }

  /** Like a link to a target. */
  Likeness linkTo(RemotePath path, ByteBuffer target, Caller caller) {
    return found ->
        AttributeView.typeOf(found) == FileType.SYMLINK
            && wire.get(Operation.READLINK, client.readlink(path), caller).equals(target);
  }

  /** Like a further name of a file. */
  Likeness nameOf(RemotePath existing, Caller caller) {
    return found -> {
      RemoteAttributes original = at(existing, caller);
      return original != null
          && AttributeView.typeOf(found) == AttributeView.typeOf(original)
          && Objects.equals(found.size(), original.size())
          && Objects.equals(found.times(), original.times());
    };
  }

  /**
   * Of a request that removes a name.
   *
   * @param before what was there; null when nobody had looked
   */
  Look removed(RemotePath path, @Nullable RemoteNode before, Caller caller) {
    return () -> {
      RemoteAttributes found = at(path, caller);
      if (found != null) {
        return untouched(before, found);
      }
      // Where nobody had seen anything, the server says itself that there is nothing to remove.
      return before == null ? Trace.NOT_DONE : Trace.DONE;
    };
  }

  /** Of a request that renames what {@code before} is. */
  Look moved(RemotePath from, RemotePath to, @Nullable RemoteNode before, Caller caller) {
    return () -> {
      CompletableFuture<RemoteAttributes> target = client.lstat(to);
      RemoteAttributes source = at(from, caller);
      if (source != null) {
        return untouched(before, source);
      }
      RemoteAttributes arrived = found(target, caller);
      boolean ours = arrived != null && before != null && Identity.isStill(before, arrived);
      return ours ? Trace.DONE : Trace.UNCLEAR;
    };
  }

  private static Trace untouched(@Nullable RemoteNode before, RemoteAttributes found) {
    return before != null && Identity.isStill(before, found) ? Trace.NOT_DONE : Trace.UNCLEAR;
  }

  private @Nullable RemoteAttributes at(RemotePath path, Caller caller) throws ErrnoException {
    return found(client.lstat(path), caller);
  }

  private @Nullable RemoteAttributes found(CompletableFuture<RemoteAttributes> reply, Caller caller)
      throws ErrnoException {
    wire.settle(reply, caller);
    return Lookups.isMissing(reply) ? null : wire.get(Operation.LOOKUP, reply, caller);
  }
}
