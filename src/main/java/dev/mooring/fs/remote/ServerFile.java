package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteHandle;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file as the server has it open for us: a handle that is replaced when its channel dies, by
 * opening the path again if what is there is still the same file. It is closed when the last user
 * (the open file, and every write on its way) has let go. Thread-safe; nothing here waits.
 */
final class ServerFile {
  private final RemoteNode node;
  private final int mode;
  private final Reopening reopening;
  private final BulkHandles bulk;

  @GuardedBy("this")
  private RemoteHandle handle;

  @GuardedBy("this")
  private int users = 1;

  @GuardedBy("this")
  private @Nullable CompletableFuture<RemoteHandle> replacement;

  /** A handle that was just opened, used once. */
  ServerFile(RemoteNode node, OpenFlags flags, RemoteHandle handle, Reopening reopening) {
    this.node = node;
    this.mode = mode(flags);
    this.handle = handle;
    this.reopening = reopening;
    bulk = new BulkHandles(reopening.client(), channel -> reopening.openBulk(node, mode, channel));
    reopening.opened();
  }

  /** The bits of OPEN that these flags stand for; none of them makes or empties a file. */
  static int mode(OpenFlags flags) {
    int access =
        switch (flags.access()) {
          case READ -> OpenMode.READ;
          case WRITE -> OpenMode.WRITE;
          case READ_WRITE -> OpenMode.READ | OpenMode.WRITE;
        };
    return flags.append() ? access | OpenMode.APPEND : access;
  }

  RemoteNode node() {
    return node;
  }

  boolean appends() {
    return (mode & OpenMode.APPEND) != 0;
  }

  boolean writes() {
    return (mode & OpenMode.WRITE) != 0;
  }

  /**
   * Its further handles. What goes through them is in no order with what goes through the present
   * one, nor with each other.
   */
  BulkHandles bulk() {
    return bulk;
  }

  /** The present handle, live or dead. */
  synchronized RemoteHandle handle() {
    return handle;
  }

  /** A live handle, now or when the file has been opened again. */
  CompletableFuture<RemoteHandle> usable() {
    CompletableFuture<RemoteHandle> fresh;
    synchronized (this) {
      if (handle.isLive()) {
        return CompletableFuture.completedFuture(handle);
      }
      if (replacement != null) {
        return replacement;
      }
      fresh = new CompletableFuture<>();
      replacement = fresh;
    }
    reopening.open(node, mode).whenComplete((opened, failed) -> replaced(fresh, opened, failed));
    return fresh;
  }

  private void replaced(
      CompletableFuture<RemoteHandle> promised,
      @Nullable RemoteHandle opened,
      @Nullable Throwable failed) {
    boolean unused;
    synchronized (this) {
      replacement = null;
      unused = users == 0;
      if (opened != null) {
        handle = opened;
      }
    }
    if (opened == null) {
      promised.completeExceptionally(failed == null ? stale(node) : failed);
    } else {
      promised.complete(opened);
      if (unused) {
        reopening.client().close(opened);
      }
    }
  }

  /**
   * Sends a request on the present handle, which is not closed before. Once it is closed the server
   * may give its number to another file: then nothing is sent.
   */
  <T> CompletableFuture<T> ask(Function<RemoteHandle, CompletableFuture<T>> request) {
    RemoteHandle present;
    synchronized (this) {
      if (users == 0) {
        return CompletableFuture.failedFuture(
            new ErrnoException(Errno.ESTALE, node + " is not open any more"));
      }
      users++;
      present = handle;
    }
    try {
      return request.apply(present);
    } finally {
      letGo();
    }
  }

  /** One user more. */
  synchronized void use() {
    users++;
  }

  /** One user more, unless it is closed already. */
  synchronized boolean tryUse() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  /** One user less; after the last the handle is closed, which nobody waits for. */
  void letGo() {
    RemoteHandle last;
    synchronized (this) {
      users--;
      last = users == 0 ? handle : null;
    }
    if (last != null) {
      bulk.close();
      reopening.close(node, last);
    }
  }

  /** What a caller sees when the file is not there any more. */
  static ErrnoException stale(RemoteNode node) {
    return new ErrnoException(
        Errno.ESTALE, node + " was replaced on the server while the connection was down");
  }
}
