package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.RenameFlags;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemotePath;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** unlink, rmdir and rename: what takes a name away. */
final class Removing {
  private final Shared shared;
  private final Attempts attempts;

  Removing(Shared shared, Attempts attempts) {
    this.shared = shared;
    this.attempts = attempts;
  }

  /** Removes a file; what has it open keeps it, for the server does not let go of open files. */
  void unlink(RemoteNode dir, FileName name, Caller caller) throws ErrnoException {
    refuseDirectory(dir, name);
    remove(dir, name, Operation.UNLINK, caller);
  }

  private void refuseDirectory(RemoteNode dir, FileName name) throws ErrnoException {
    RemoteNode child = known(dir, name);
    if (child != null && child.type() == FileType.DIRECTORY) {
      throw new ErrnoException(Errno.EISDIR, child.toString());
    }
  }

  void rmdir(RemoteNode dir, FileName name, Caller caller) throws ErrnoException {
    remove(dir, name, Operation.RMDIR, caller);
  }

  private void remove(RemoteNode dir, FileName name, Operation operation, Caller caller)
      throws ErrnoException {
    caller.beforeWaiting();
    RemotePath path = shared.table().path(dir, name);
    dir.attributes().beginChange();
    try {
      send(path, operation, known(dir, name), caller);
      RemoteNode gone = shared.table().removed(dir, name, shared.now());
      outdate(gone);
    } catch (ErrnoException e) {
      shared.table().doubt(dir, name, shared.now());
      throw e;
    } finally {
      dir.attributes().endChange(null, shared.ticks().next());
    }
  }

  private void send(
      RemotePath path, Operation operation, @Nullable RemoteNode before, Caller caller)
      throws ErrnoException {
    boolean file = operation == Operation.UNLINK;
    Supplier<CompletableFuture<Void>> request =
        () -> file ? shared.client().remove(path) : shared.client().rmdir(path);
    shared
        .once()
        .await(
            request.get(),
            request,
            shared.traces().removed(path, before, caller),
            caller,
            refusal ->
                file
                    ? shared.refusals().ofUnlinking(refusal, path, caller)
                    : shared.refusals().ofRmdir(refusal, path, caller));
  }

  /** What is known under a name. It is looked at only, so nobody needs to hold it. */
  private @Nullable RemoteNode known(RemoteNode dir, FileName name) {
    RemoteNode child = shared.table().child(dir, name);
    if (child != null) {
      shared.table().forget(child, 1);
    }
    return child;
  }

  private void outdate(@Nullable RemoteNode node) {
    if (node != null) {
      node.attributes().invalidate(shared.ticks().next());
    }
  }

  void rename(
      RemoteNode dir,
      FileName name,
      RemoteNode newDir,
      FileName newName,
      RenameFlags flags,
      Caller caller)
      throws ErrnoException {
    if (flags == RenameFlags.EXCHANGE) {
      throw new ErrnoException(Errno.EINVAL, "SFTP cannot exchange two names");
    }
    if (dir == newDir && name.equals(newName)) {
      return;
    }
    caller.beforeWaiting();
    RemotePath from = shared.table().path(dir, name);
    RemotePath to = shared.table().path(newDir, newName);
    dir.attributes().beginChange();
    newDir.attributes().beginChange();
    try {
      send(from, to, known(dir, name), flags, caller);
      RemoteNode replaced = shared.table().child(newDir, newName);
      shared.table().moved(dir, name, newDir, newName, shared.now());
      if (replaced != null) {
        outdate(replaced);
        shared.table().forget(replaced, 1);
      }
    } catch (ErrnoException e) {
      shared.table().doubt(dir, name, shared.now());
      shared.table().doubt(newDir, newName, shared.now());
      throw e;
    } finally {
      dir.attributes().endChange(null, shared.ticks().next());
      newDir.attributes().endChange(null, shared.ticks().next());
    }
  }

  private void send(
      RemotePath from, RemotePath to, @Nullable RemoteNode before, RenameFlags flags, Caller caller)
      throws ErrnoException {
    boolean posix = shared.client().extensions().contains(Extension.POSIX_RENAME);
    if (flags != RenameFlags.NO_REPLACE && !posix) {
      shared.wire().get(Operation.RENAME, new Replacement(shared, from, to).begin(caller), caller);
      return;
    }
    if (flags == RenameFlags.NO_REPLACE) {
      plain(from, to, before, caller);
      return;
    }
    Supplier<CompletableFuture<Void>> request = () -> shared.client().posixRename(from, to);
    shared
        .once()
        .await(
            request.get(),
            request,
            shared.traces().moved(from, to, before, caller),
            caller,
            refusal -> shared.refusals().ofRenaming(refusal, from, to, caller));
  }

  /** RENAME of version 3: fails where the new name exists. */
  private void plain(RemotePath from, RemotePath to, @Nullable RemoteNode before, Caller caller)
      throws ErrnoException {
    Wire.Explanation why = refusal -> shared.refusals().ofLinking(refusal, from, to, caller);
    Attempts.Plan<Void> plan =
        Attempts.Plan.of(
            () -> shared.client().rename(from, to),
            shared.traces().moved(from, to, before, caller),
            why);
    attempts.result(attempts.make(to, plan, caller), why, caller);
  }
}
