package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Errors of writes that nobody waited for. Each open file description is told once of those that
 * came after it was opened, as Linux does it. Thread-safe.
 */
final class WriteErrors {
  private int count;
  private long untoldBytes;
  private @Nullable ErrnoException last;

  /** Bytes that were lost without anybody knowing, and the last reason. */
  record Untold(long bytes, ErrnoException last) {}

  /** How many there were: what a file that is opened now has nothing to do with. */
  synchronized int count() {
    return count;
  }

  /** Writes of that many bytes have failed. */
  synchronized void latch(ErrnoException error, long bytes) {
    count++;
    untoldBytes += bytes;
    last = error;
  }

  /** Tells an open file of the last error, if there was one since {@code seen}. */
  synchronized @Nullable ErrnoException since(int seen) {
    if (count == seen) {
      return null;
    }
    untoldBytes = 0;
    return last;
  }

  /** How many bytes are lost without anybody having been told. */
  synchronized long untoldBytes() {
    return untoldBytes;
  }

  /** Tells of what nobody has been told of; open files are told all the same. */
  synchronized @Nullable Untold tell() {
    Untold untold = last == null || untoldBytes == 0 ? null : new Untold(untoldBytes, last);
    untoldBytes = 0;
    return untold;
  }

  /** What a failed write is reported as; asks whether the disk is full. Never fails itself. */
  static CompletableFuture<ErrnoException> explain(
      SftpClient client, RemoteHandle handle, Throwable failed) {
    if (!(failed instanceof SftpException refusal)) {
      return CompletableFuture.completedFuture(Wire.broken(failed));
    }
    if (refusal.status() != SftpStatus.FAILURE
        || !client.extensions().contains(Extension.FSTATVFS)) {
      return CompletableFuture.completedFuture(
          StatusTranslation.exception(Operation.WRITE, refusal));
    }
    return client
        .fstatvfs(handle)
        .handle((room, _) -> {
          Errno errno = Refusals.full(room);
          return new ErrnoException(errno, "write refused", refusal);
        });
  }
}
