package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** open and create: OPEN and LSTAT in one burst. Opens nothing but regular files. */
final class Opens {
  private final Shared shared;
  private final NodeAttributes attributes;
  private final Lookups lookups;
  private final FirstAttributes first;
  private final Attempts attempts;
  private final SmallFiles files;

  Opens(
      Shared shared,
      NodeAttributes attributes,
      Attempts attempts,
      Lookups lookups,
      FirstAttributes first,
      SmallFiles files) {
    this.shared = shared;
    this.attributes = attributes;
    this.attempts = attempts;
    this.lookups = lookups;
    this.first = first;
    this.files = files;
  }

  /** Opens a file that exists; what the server shows is compared with what pages were read of. */
  RemoteFile open(RemoteNode node, OpenFlags flags, Caller caller) throws ErrnoException {
    refuseIrregular(node);
    boolean onlyReads = flags.equals(OpenFlags.READ);
    RemoteFile ahead = onlyReads ? openedAhead(node, caller) : null;
    if (ahead != null) {
      return ahead;
    }
    caller.beforeWaiting();
    settle(node, caller);
    long version = node.contentVersion();
    RemotePath path = shared.table().path(node);
    int truncate = flags.truncate() ? OpenMode.TRUNCATE : 0;
    if (flags.truncate()) {
      node.attributes().beginChange();
    }
    CompletableFuture<RemoteHandle> opened =
        shared.client().open(path, ServerFile.mode(flags) | truncate, RemoteAttributes.NONE);
    Asked asked = shared.now();
    CompletableFuture<RemoteAttributes> seen = attributes.stat(path);
    if (onlyReads) {
      files.opening(node, true);
    }
    boolean ended = false;
    try {
      RemoteHandle handle =
          shared
              .wire()
              .get(opened, caller, refusal -> shared.refusals().ofOpening(refusal, path, caller));
      RemoteAttributes said = described(seen, handle, caller);
      refuseOther(node, said);
      if (shared.hasMoved(node, path)) {
        throw new ErrnoException(Errno.ESTALE, node + " was renamed while it was opened");
      }
      if (flags.truncate()) {
        ended = true;
        node.attributes().endChange(new AttributeCache.Seen(said, asked), shared.ticks().next());
      } else if (node.attributes().learn(said, asked)) {
        attributes.notice(node, said);
      }
      ServerFile file = new ServerFile(node, flags, handle, shared.reopening());
      SmallFiles.Opened fresh = new SmallFiles.Opened(file, said, asked, null);
      ReadPart content = onlyReads ? files.keep(fresh, version) : null;
      return opened(new SmallFiles.Opened(file, said, asked, content), flags);
    } catch (ErrnoException e) {
      closeWhenOpened(opened);
      if (e.errno() == Errno.ESTALE) {
        doubt(node);
      }
      throw e;
    } finally {
      if (flags.truncate()) {
        // Even if it failed: nobody knows whether the server has truncated the file.
        node.contentChanged();
        node.writes().resized();
        node.pages().changedByUs();
      }
      if (flags.truncate() && !ended) {
        node.attributes().endChange(null, shared.ticks().next());
      }
    }
  }

  /** What was opened ahead, if that is still good; whoever comes too early waits for it. */
  private @Nullable RemoteFile openedAhead(RemoteNode node, Caller caller) throws ErrnoException {
    CompletableFuture<SmallFiles.Opened> coming = files.openedAhead(node);
    if (coming == null) {
      return null;
    }
    boolean stalled = !coming.isDone();
    if (stalled) {
      caller.beforeWaiting();
      shared.wire().settle(coming, caller);
    }
    SmallFiles.Opened opened = files.use(node);
    if (opened == null) {
      return null;
    }
    files.opening(node, stalled || !opened.isComplete());
    return opened(opened, OpenFlags.READ);
  }

  /** The server has something else, or nothing, where this node was. */
  private void doubt(RemoteNode node) {
    RemoteNode dir = shared.table().parent(node);
    FileName name = node.place().name();
    if (dir != null && name != null) {
      shared.table().doubt(dir, name, shared.now());
    }
  }

  private static void refuseIrregular(RemoteNode node) throws ErrnoException {
    switch (node.type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw new ErrnoException(Errno.EISDIR, node.toString());
      case SYMLINK -> throw new ErrnoException(Errno.ELOOP, node.toString());
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw new ErrnoException(Errno.EOPNOTSUPP, "not a regular file on the server");
    }
  }

  /** An open must show what is there, and a truncation must not overtake writes. */
  private void settle(RemoteNode node, Caller caller) throws ErrnoException {
    if (node.isBusy()) {
      shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
    }
  }

  /** LSTAT's answer; the handle's where the path does not show the file (yet). */
  private RemoteAttributes described(
      CompletableFuture<RemoteAttributes> seen, RemoteHandle handle, Caller caller)
      throws ErrnoException {
    shared.wire().settle(seen, caller);
    return Lookups.isMissing(seen)
        ? shared.wire().get(Operation.GETATTR, shared.client().fstat(handle), caller)
        : shared.wire().get(Operation.GETATTR, seen, caller);
  }

  private static void refuseOther(RemoteNode node, RemoteAttributes said) throws ErrnoException {
    if (AttributeView.typeOf(said) != node.type()) {
      throw new ErrnoException(Errno.ESTALE, node + " was replaced on the server");
    }
  }

  private void closeWhenOpened(CompletableFuture<RemoteHandle> opened) {
    opened.thenAccept(handle -> shared.client().close(handle));
  }

  private RemoteFile opened(SmallFiles.Opened opened, OpenFlags flags) {
    boolean keep =
        !flags.direct()
            && opened.file().node().pages().keepAtOpen(opened.said(), shared.pace().nanoTime());
    return new RemoteFile(shared, opened, flags, keep);
  }

  /**
   * Makes a file, always exclusively, so that nothing irregular is ever opened; if something is
   * there already and the caller does not mind, opens that.
   */
  Created create(RemoteNode dir, FileName name, OpenFlags flags, int permissions, Caller caller)
      throws ErrnoException {
    caller.beforeWaiting();
    RemotePath path = shared.table().path(dir, name);
    int wanted = permissions & ~caller.umask();
    int mode = ServerFile.mode(flags) | OpenMode.CREATE | OpenMode.EXCLUSIVE;
    RemotePath parent = shared.table().path(dir);
    Wire.Explanation explanation =
        refusal -> shared.refusals().ofMaking(Operation.CREATE, refusal, parent, path, caller);
    boolean wasAbsent = shared.traces().wasAbsent(shared.table().absence(dir, name));
    Once.Look trace =
        () -> {
          // A listing that was begun before may lack what the lost request has made.
          shared.table().doubt(dir, name, shared.now());
          return trace(path, flags, wasAbsent, caller).look();
        };
    dir.attributes().beginChange();
    try {
      Attempts.Attempt<RemoteHandle> attempt =
          attempts.make(
              path,
              new Attempts.Plan<>(
                  () -> shared.client().open(path, mode, RemoteAttributes.ofMode(wanted)),
                  trace,
                  () -> opened(path, flags),
                  handle -> shared.client().close(handle),
                  explanation),
              caller);
      if (!flags.exclusive() && exists(attempt.made(), attempt.seen())) {
        Entry there = lookups.found(dir, name, attempt.seen().resultNow(), attempt.asked(), caller);
        return openExisting(there, flags, caller);
      }
      RemoteHandle handle = attempts.result(attempt, explanation, caller);
      return created(dir, name, flags, wanted, handle, attempt, caller);
    } catch (ErrnoException e) {
      shared.table().doubt(dir, name, shared.now());
      throw e;
    } finally {
      dir.attributes().endChange(null, shared.ticks().next());
    }
  }

  /** Who does not need to be the one that made it does not mind who has. */
  private Once.Look trace(RemotePath path, OpenFlags flags, boolean wasAbsent, Caller caller) {
    return flags.exclusive()
        ? shared.traces().made(path, wasAbsent, Traces::isEmptyFile, caller)
        : shared.traces().made(path, true, _ -> true, caller);
  }

  /** A handle of what a request has made whose reply, and with it its handle, was lost. */
  private CompletableFuture<RemoteHandle> opened(RemotePath path, OpenFlags flags) {
    return flags.exclusive()
        ? shared.client().open(path, ServerFile.mode(flags), RemoteAttributes.NONE)
        : CompletableFuture.failedFuture(
            new SftpException(SftpStatus.FAILURE, "it is there already"));
  }

  private static boolean exists(
      CompletableFuture<RemoteHandle> opened, CompletableFuture<RemoteAttributes> seen) {
    return opened.state() == CompletableFuture.State.FAILED
        && opened.exceptionNow() instanceof SftpException refusal
        && refusal.status() != SftpStatus.NO_SUCH_FILE
        && seen.state() == CompletableFuture.State.SUCCESS;
  }

  private Created openExisting(Entry there, OpenFlags flags, Caller caller) throws ErrnoException {
    if (!(there instanceof Entry.Present present)) {
      throw new ErrnoException(Errno.ENOENT, "came and went while it was created");
    }
    RemoteNode node = (RemoteNode) present.node();
    try {
      if (node.type() == FileType.SYMLINK) {
        // It has just come: whoever looks it up again can follow it.
        throw new ErrnoException(Errno.ESTALE, node.toString());
      }
      RemoteFile file = open(node, flags, caller);
      return new Created(
          new Entry.Present(
              node,
              attributes.current(node, file.serverFile(), caller),
              present.nameTrueUntilNanos()),
          file);
    } catch (ErrnoException e) {
      shared.table().forget(node, 1);
      throw e;
    }
  }

  private Created created(
      RemoteNode dir,
      FileName name,
      OpenFlags flags,
      int wanted,
      RemoteHandle handle,
      Attempts.Attempt<?> attempt,
      Caller caller)
      throws ErrnoException {
    RemoteAttributes said;
    try {
      said = described(attempt.seen(), handle, caller);
    } catch (ErrnoException e) {
      shared.client().close(handle);
      throw e;
    }
    shared.clock().made(said);
    RemoteNode node =
        shared.table().created(dir, name, FileType.REGULAR, attempt.asked(), shared.ticks().next());
    ServerFile onServer = new ServerFile(node, flags, handle, shared.reopening());
    SmallFiles.Opened opened = new SmallFiles.Opened(onServer, said, attempt.asked(), null);
    RemoteFile file = opened(opened, flags);
    RemoteAttributes now =
        first.complete(
            node, wanted, said, caller, change -> shared.client().fsetstat(handle, change));
    node.attributes().learn(now, shared.now());
    try {
      return new Created(lookups.made(node, now, attempt.asked()), file);
    } catch (ErrnoException e) {
      file.release();
      throw e;
    }
  }
}
