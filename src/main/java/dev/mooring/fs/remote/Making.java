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
import dev.mooring.sftp.SftpException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** mkdir, mknod, symlink and link: the request and LSTAT of what it made in one burst. */
final class Making {
  private final Shared shared;
  private final Attempts attempts;
  private final Lookups lookups;
  private final FirstAttributes first;
  private final OwnLinks ownLinks;

  Making(
      Shared shared, Attempts attempts, Lookups lookups, FirstAttributes first, OwnLinks ownLinks) {
    this.shared = shared;
    this.attempts = attempts;
    this.lookups = lookups;
    this.first = first;
    this.ownLinks = ownLinks;
  }

  Entry.Present mkdir(RemoteNode dir, FileName name, int permissions, Caller caller)
      throws ErrnoException {
    int wanted = permissions & ~caller.umask();
    Asked asked = shared.now();
    Entry.Present made =
        make(
            dir,
            name,
            path -> shared.client().mkdir(path, RemoteAttributes.ofMode(wanted)),
            _ -> Traces::isDirectory,
            explained(Operation.MKDIR),
            wanted,
            caller);
    // What has just been made is empty: names that are made in it need not be looked up.
    shared.table().listed((RemoteNode) made.node(), DirectoryListing.empty(asked));
    return made;
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
        path -> closed(shared.client().open(path, mode, RemoteAttributes.ofMode(wanted))),
        _ -> Traces::isEmptyFile,
        explained(Operation.CREATE),
        wanted,
        caller);
  }

  private CompletableFuture<Void> closed(CompletableFuture<RemoteHandle> opened) {
    return opened.thenCompose(handle -> {
      // Nobody waits for that.
      shared.client().close(handle);
      return CompletableFuture.completedFuture(null);
    });
  }

  Entry.Present symlink(RemoteNode dir, FileName name, TargetBytes target, Caller caller)
      throws ErrnoException {
    Entry.Present made =
        make(
            dir,
            name,
            path -> shared.client().symlink(target.bytes(), path),
            path -> shared.traces().linkTo(path, target.bytes(), caller),
            explained(Operation.SYMLINK),
            0,
            caller);
    ownLinks.made((RemoteNode) made.node(), target);
    return made;
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
      boolean taken = isTaken(dir, name, caller);
      throw new ErrnoException(taken ? Errno.EEXIST : Errno.EPERM, "hard link to a directory");
    }
    caller.beforeWaiting();
    if (node.isBusy()) {
      shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
    }
    RemotePath from = shared.table().path(node);
    return make(
        dir,
        name,
        path -> shared.client().hardlink(from, path),
        _ -> shared.traces().nameOf(from, caller),
        (refusal, _, path, who) -> shared.refusals().ofLinking(refusal, from, path, who),
        null,
        caller);
  }

  private boolean isTaken(RemoteNode dir, FileName name, Caller caller) throws ErrnoException {
    if (!(lookups.lookup(dir, name, caller) instanceof Entry.Present there)) {
      return false;
    }
    shared.table().forget((RemoteNode) there.node(), 1);
    return true;
  }

  /** What a refusal to make {@code path} in {@code parent} means. */
  @FunctionalInterface
  private interface Explanation {
    ErrnoException of(SftpException refusal, RemotePath parent, RemotePath path, Caller caller);
  }

  private Explanation explained(Operation operation) {
    return (refusal, parent, path, caller) ->
        shared.refusals().ofMaking(operation, refusal, parent, path, caller);
  }

  /** By what the thing that was made is known again. */
  @FunctionalInterface
  private interface Sign {
    Traces.Likeness at(RemotePath path);
  }

  /**
   * Makes it.
   *
   * @param wanted its permissions; null if it is there already, under another name
   */
  private Entry.Present make(
      RemoteNode dir,
      FileName name,
      Function<RemotePath, CompletableFuture<Void>> request,
      Sign sign,
      Explanation explanation,
      @Nullable Integer wanted,
      Caller caller)
      throws ErrnoException {
    caller.beforeWaiting();
    RemotePath parent = shared.table().path(dir);
    RemotePath path = shared.table().path(dir, name);
    boolean wasAbsent = shared.traces().wasAbsent(shared.table().absence(dir, name));
    Wire.Explanation why = refusal -> explanation.of(refusal, parent, path, caller);
    Attempts.Plan<Void> plan =
        Attempts.Plan.of(
            () -> request.apply(path),
            shared.traces().made(path, wasAbsent, sign.at(path), caller),
            why);
    dir.attributes().beginChange();
    try {
      Attempts.Attempt<Void> attempt = attempts.make(path, plan, caller);
      attempts.result(attempt, why, caller);
      // A link that is followed but leads nowhere is shown as the link that it is.
      RemoteAttributes said =
          Lookups.isMissing(attempt.seen())
              ? shared.wire().get(Operation.GETATTR, shared.client().lstat(path), caller)
              : shared.wire().get(Operation.GETATTR, attempt.seen(), caller);
      return made(dir, name, wanted, path, said, attempt.asked(), caller);
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
      @Nullable Integer wanted,
      RemotePath path,
      RemoteAttributes said,
      Asked asked,
      Caller caller)
      throws ErrnoException {
    RemoteNode node =
        shared.table().created(dir, name, AttributeView.typeOf(said), asked, shared.ticks().next());
    RemoteAttributes now =
        wanted == null
            ? said
            : first.complete(node, wanted, said, caller, change -> set(node, path, change));
    node.attributes().learn(now, shared.now());
    return lookups.made(node, now, asked);
  }

  private CompletableFuture<Void> set(RemoteNode node, RemotePath path, RemoteAttributes change) {
    return node.type() == FileType.SYMLINK
        ? shared.client().lsetstat(path, change)
        : shared.client().setstat(path, change);
  }
}
