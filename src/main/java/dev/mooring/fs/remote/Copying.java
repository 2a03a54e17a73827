package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.concurrent.CompletableFuture;

/** copy_file_range within the server, in slices, for a copy holds its channel up. */
final class Copying {
  private static final long SLICE = 64L << 20;

  private final Shared shared;

  Copying(Shared shared) {
    this.shared = shared;
  }

  long copy(
      RemoteFile from, long fromOffset, RemoteFile to, long toOffset, long length, Caller caller)
      throws ErrnoException {
    if (!from.flags().access().reads() || !to.flags().access().writes() || to.flags().append()) {
      throw new ErrnoException(Errno.EBADF, "copy between these");
    }
    RemoteHandle source = from.serverFile().handle();
    RemoteHandle target = to.serverFile().handle();
    // OpenSSH refuses to copy within one file; handles are good for one channel only.
    boolean possible =
        shared.client().extensions().contains(Extension.COPY_DATA)
            && from.remoteNode() != to.remoteNode()
            && source.isLive()
            && target.isLive()
            && source.epoch() == target.epoch();
    if (!possible) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "copying on the server");
    }
    caller.beforeWaiting();
    from.settleWrites(caller);
    long bytes = Math.min(Math.min(length, SLICE), size(from, caller) - fromOffset);
    if (bytes <= 0) {
      return 0;
    }
    CompletableFuture<Void> copied =
        to.remoteNode()
            .writes()
            .behind(
                to.serverFile(),
                true,
                handle ->
                    source.isLive()
                        ? shared.client().copyData(source, fromOffset, bytes, handle, toOffset)
                        : sourceLost());
    CompletableFuture<RemoteAttributes> after =
        to.remoteNode().writes().attributesBehind(to.serverFile());
    to.remoteNode().contentChanged();
    to.remoteNode().pages().changedByUs();
    shared.wire().get(copied, caller, Copying::refused);
    shared.wire().settle(after, caller);
    return bytes;
  }

  /** EOF: the source has become shorter. The kernel copies itself then. */
  private static ErrnoException refused(SftpException refusal) {
    return refusal.status() == SftpStatus.EOF
        ? new ErrnoException(Errno.EOPNOTSUPP, "the source has become shorter", refusal)
        : StatusTranslation.exception(Operation.COPY, refusal);
  }

  /** How long the source is: what opening it has just shown, or its present answer. */
  private long size(RemoteFile from, Caller caller) throws ErrnoException {
    AttributeCache.Seen seen = from.remoteNode().attributes().seen();
    boolean fresh =
        seen != null
            && shared.ticks().isFresh(seen.asked(), shared.settings().lifetimes().openAttributes());
    RemoteAttributes now =
        fresh && seen != null
            ? seen.attributes()
            : shared
                .wire()
                .get(Operation.GETATTR, shared.client().fstat(from.serverFile().handle()), caller);
    return now.size() == null ? 0 : now.size();
  }

  /** The channel was replaced in the meantime; the kernel copies itself then. */
  private static CompletableFuture<Void> sourceLost() {
    return CompletableFuture.failedFuture(
        new SftpException(SftpStatus.OP_UNSUPPORTED, "the source's channel was lost"));
  }
}
