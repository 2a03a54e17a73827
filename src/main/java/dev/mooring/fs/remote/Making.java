package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import java.util.concurrent.CompletableFuture;

/** mkdir, mknod, symlink and link: the request and LSTAT of what it made in one burst. */
final class Making {
  private final Shared shared;
  private final NodeAttributes attributes;
  private final Lookups lookups;
  private final Modes modes;

  Making(Shared shared, NodeAttributes attributes, Lookups lookups, Modes modes) {
    this.shared = shared;
    this.attributes = attributes;
    this.lookups = lookups;
    this.modes = modes;
  }

  /** What is sent to make something at a path. */
  @FunctionalInterface
  private interface Request {
    CompletableFuture<?> send(RemotePath path) throws ErrnoException;
  }

  Entry.Present mkdir(RemoteNode dir, FileName name, int permissions, Caller caller)
      throws ErrnoException {
    int wanted = permissions & ~caller.umask();
    return make(
        dir,
        name,
        Operation.MKDIR,
        wanted,
        path -> shared.client().mkdir(path, RemoteAttributes.ofMode(wanted)),
        caller);
  }

  Entry.Present mknod(RemoteNode dir, FileName name, FileType type, int permissions, Caller caller)
      throws ErrnoException {
    if (type != FileType.REGULAR) {
      throw new ErrnoException(Errno.EPERM, "SFTP can make regular files only, not " + type);
    }
    int wanted = permissions & ~caller.umask();
    int mode = OpenMode.WRITE | OpenMode.CREATE | OpenMode.EXCLUSIVE;
    return make(
        dir,
        name,
        Operation.CREATE,
        wanted,
        path -> closed(shared.client().open(path, mode, RemoteAttributes.ofMode(wanted))),
        caller);
  }

  private CompletableFuture<RemoteHandle> closed(CompletableFuture<RemoteHandle> opened) {
    opened.thenAccept(handle -> shared.client().close(handle));
    return opened;
  }

  Entry.Present symlink(RemoteNode dir, FileName name, TargetBytes target, Caller caller)
      throws ErrnoException {
    return make(
        dir,
        name,
        Operation.SYMLINK,
        0,
        path -> shared.client().symlink(target.bytes(), path),
        caller);
  }

  /** A further name of a file: another node, for SFTP cannot tell that the two are one. */
  Entry.Present link(RemoteNode node, RemoteNode dir, FileName name, Caller caller)
      throws ErrnoException {
    boolean possible =
        shared.settings().hardLinks() && shared.client().extensions().contains(Extension.HARDLINK);
    if (!possible) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "no hard links on this server");
    }
    if (node.type() == FileType.DIRECTORY) {
      throw new ErrnoException(Errno.EPERM, "hard link to a directory");
    }
    caller.beforeWaiting();
    if (node.writes().isBusy()) {
      shared.wire().settle(node.writes().drain(), caller);
    }
    RemotePath from = shared.table().path(node);
    return make(dir, name, Operation.LINK, 0, path -> shared.client().hardlink(from, path), caller);
  }

  private Entry.Present make(
      RemoteNode dir,
      FileName name,
      Operation operation,
      int wanted,
      Request request,
      Caller caller)
      throws ErrnoException {
    caller.beforeWaiting();
    RemotePath parent = shared.table().path(dir);
    RemotePath path = shared.table().path(dir, name);
    dir.attributes().beginChange();
    try {
      Asked asked = shared.now();
      CompletableFuture<?> made = request.send(path);
      CompletableFuture<RemoteAttributes> seen = attributes.stat(path);
      shared
          .wire()
          .get(
              made,
              caller,
              refusal -> shared.refusals().ofMaking(operation, refusal, parent, path, caller));
      shared.wire().settle(seen, caller);
      // A link that is followed but leads nowhere is shown as the link that it is.
      RemoteAttributes said =
          Lookups.isMissing(seen)
              ? shared.wire().get(Operation.GETATTR, shared.client().lstat(path), caller)
              : shared.wire().get(Operation.GETATTR, seen, caller);
      return made(dir, name, wanted, path, said, asked);
    } catch (ErrnoException e) {
      shared.table().doubt(dir, name, shared.now());
      throw e;
    } finally {
      dir.attributes().endChange(null, shared.ticks().next());
    }
  }

  private Entry.Present made(
      RemoteNode dir,
      FileName name,
      int wanted,
      RemotePath path,
      RemoteAttributes said,
      Asked asked)
      throws ErrnoException {
    RemoteNode node =
        shared.table().created(dir, name, AttributeView.typeOf(said), asked, shared.ticks().next());
    RemoteAttributes now =
        modes.complete(node, wanted, said, mode -> shared.client().setstat(path, mode));
    node.attributes().learn(now, shared.now());
    return lookups.made(node, now, asked);
  }
}
