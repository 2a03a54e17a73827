package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Payload;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An open file description: reads through its window, writes into its node's line of writes. */
final class RemoteFile implements OpenFile {
  /**
   * Nothing is read behind this, whatever size the server claims: reading ahead must not count
   * beyond the largest number.
   */
  private static final long LAST_OFFSET = Long.MAX_VALUE - (1L << 30);

  private final Shared shared;
  private final RemoteNode node;
  private final OpenFlags flags;
  private final ServerFile file;
  private final ReadAhead reader;
  private final Incoming incoming;
  private final boolean keepCache;

  /** Since when what was read ahead of the opening may be old; null when nothing was. */
  private final @Nullable Asked contentAsked;

  private final AtomicInteger seenErrors;
  private final AtomicBoolean released = new AtomicBoolean();

  /** Takes over one use of the file and of its content. */
  RemoteFile(Shared shared, SmallFiles.Opened opened, OpenFlags flags, boolean keepCache) {
    this.shared = shared;
    this.file = opened.file();
    this.node = file.node();
    this.flags = flags;
    this.keepCache = keepCache;
    reader = new ReadAhead(shared.source(), file, shared.settings().transfer().maxReadBytes());
    if (opened.content() != null) {
      reader.take(opened.content());
    }
    contentAsked = opened.content() == null ? null : opened.asked();
    incoming = new Incoming(shared, file);
    seenErrors = new AtomicInteger(node.failedWrites());
    node.files().add(file);
    shared.table().opened(node);
    shared.counters().opened();
  }

  @Override
  public Node node() {
    return node;
  }

  RemoteNode remoteNode() {
    return node;
  }

  /** What it is on the server. */
  ServerFile serverFile() {
    return file;
  }

  OpenFlags flags() {
    return flags;
  }

  @Override
  public boolean keepCache() {
    return keepCache;
  }

  @Override
  public Lease read(long offset, int length, Caller caller) throws ErrnoException {
    if (!flags.access().reads()) {
      throw new ErrnoException(Errno.EBADF, "not open for reading");
    }
    if (offset < 0 || length < 0) {
      throw new ErrnoException(Errno.EINVAL, length + " bytes at " + offset);
    }
    if (length == 0 || offset > LAST_OFFSET) {
      return Lease.EMPTY;
    }
    long version = node.contentVersion();
    settleWrites(caller);
    node.pages().pagesRead(contentAsked == null ? shared.pace().nanoTime() : contentAsked.nanos());
    while (true) {
      if (!file.handle().isLive()) {
        revive(caller);
      }
      try {
        return counted(reader.read(offset, length, version, caller));
      } catch (ErrnoException e) {
        // Where the channel died under the read: reading twice harms nobody.
        if (e.getCause() == null || !SftpClient.isLost(e.getCause())) {
          throw e;
        }
      }
    }
  }

  private Lease counted(Lease read) {
    shared.counters().read(read.length());
    return read;
  }

  private void revive(Caller caller) throws ErrnoException {
    caller.beforeWaiting();
    shared.wire().get(Operation.OPEN, file.usable(), caller);
  }

  /** Waits until the server has all writes of the node. */
  void settleWrites(Caller caller) throws ErrnoException {
    if (node.isBusy()) {
      caller.beforeWaiting();
      shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
    }
  }

  @Override
  public int write(long offset, Payload bytes, Caller caller) throws ErrnoException {
    if (!flags.access().writes()) {
      throw new ErrnoException(Errno.EBADF, "not open for writing");
    }
    if (offset < 0) {
      throw new ErrnoException(Errno.EINVAL, "at " + offset);
    }
    reportError();
    boolean waits = flags.sync() || isSynchronous();
    if (waits) {
      caller.beforeWaiting();
    }
    int taken = incoming.take(offset, bytes, caller);
    shared.counters().written(taken);
    if (waits) {
      shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
      reportError();
    }
    return taken;
  }

  private boolean isSynchronous() {
    return shared.settings().transfer().writeMode() == RemoteSettings.WriteMode.SYNC;
  }

  private void reportError() throws ErrnoException {
    ErrnoException error = node.writes().errors().since(seenErrors.get());
    if (error != null) {
      seenErrors.set(node.writes().errors().count());
      throw new ErrnoException(error.errno(), "an earlier write failed", error);
    }
  }

  @Override
  public void allocate(long offset, long length, Caller caller) throws ErrnoException {
    if (!flags.access().writes()) {
      throw new ErrnoException(Errno.EBADF, "not open for writing");
    }
    if (offset < 0 || length <= 0) {
      throw new ErrnoException(Errno.EINVAL, length + " bytes at " + offset);
    }
    caller.beforeWaiting();
    CompletableFuture<RemoteAttributes> now = node.writes().attributesBehind(file);
    Long size = shared.wire().get(Operation.GETATTR, now, caller).size();
    if (size == null || size < offset + length) {
      resize(offset + length, caller);
    }
  }

  /** Sets the size behind all writes and learns the attributes in the same burst. */
  RemoteAttributes resize(long size, Caller caller) throws ErrnoException {
    CompletableFuture<Void> changed =
        node.writes()
            .behind(
                file,
                true,
                handle -> shared.client().fsetstat(handle, RemoteAttributes.ofSize(size)));
    CompletableFuture<RemoteAttributes> after = node.writes().attributesBehind(file);
    node.contentChanged();
    node.pages().changedByUs();
    shared.wire().settleBehind(node.writes(), changed, caller);
    shared.wire().get(Operation.WRITE, changed, caller);
    return shared.wire().get(Operation.GETATTR, after, caller);
  }

  @Override
  public void flush(Caller caller) throws ErrnoException {
    if (flags.access().writes()) {
      if (node.isBusy()) {
        caller.beforeWaiting();
      }
      CompletableFuture<RemoteAttributes> after = node.writes().attributesBehindLast();
      if (after != null) {
        settleOrDrop(after, caller);
        settleOrDrop(node.writes().drain(), caller);
      }
      reportError();
    }
  }

  /** What is dropped because its time is over is reported here, and not through this file again. */
  private void settleOrDrop(CompletableFuture<?> done, Caller caller) throws ErrnoException {
    try {
      shared.wire().settleBehind(node.writes(), done, caller);
    } catch (ErrnoException e) {
      if (Wire.isOverdue(e)) {
        node.writes().drop(e);
        reportError();
      }
      throw e;
    }
  }

  @Override
  public void fsync(boolean dataOnly, Caller caller) throws ErrnoException {
    caller.beforeWaiting();
    if (shared.client().extensions().contains(Extension.FSYNC)) {
      CompletableFuture<Void> synced =
          node.writes().behind(file, false, handle -> shared.client().fsync(handle));
      flush(caller);
      shared.wire().settleBehind(node.writes(), synced, caller);
      refuseUnsynced(synced);
    } else {
      flush(caller);
    }
  }

  private static void refuseUnsynced(CompletableFuture<Void> synced) throws ErrnoException {
    if (synced.state() == CompletableFuture.State.FAILED) {
      Throwable failure = synced.exceptionNow();
      if (!(failure instanceof SftpException refusal)) {
        throw Wire.broken(failure);
      }
      if (refusal.status() != SftpStatus.OP_UNSUPPORTED) {
        throw StatusTranslation.exception(Operation.FSYNC, refusal);
      }
    }
  }

  @Override
  public void release() {
    if (released.compareAndSet(false, true)) {
      reader.close();
      node.files().remove(file);
      if (node.isBusy()) {
        node.writes().drain();
      }
      file.letGo();
      shared.table().closed(node);
      shared.counters().closed();
    }
  }
}
