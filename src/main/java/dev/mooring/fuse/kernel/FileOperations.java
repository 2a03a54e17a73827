package dev.mooring.fuse.kernel;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Payload;
import dev.mooring.fuse.HandleTable;
import dev.mooring.fuse.PageCache;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Reply.Opened;
import dev.mooring.fuse.kernel.protocol.Request;

/** What is asked about open files. Thread-safe. */
final class FileOperations {
  /** The most that a reply of 32 bits says was copied, in whole pages. */
  private static final long MOST_COPIED = Integer.MAX_VALUE & ~4095L;

  private final FileSystem fileSystem;
  private final NodeOperations nodes;
  private final HandleTable<OpenFile> files;
  private final PageCache pages;

  FileOperations(
      FileSystem fileSystem, NodeOperations nodes, HandleTable<OpenFile> files, PageCache pages) {
    this.fileSystem = fileSystem;
    this.nodes = nodes;
    this.files = files;
    this.pages = pages;
  }

  Reply open(Node node, Request.Open request, Caller caller) throws ErrnoException {
    return opened(fileSystem.open(node, request.flags(), caller), request.flags());
  }

  Reply create(Node dir, Request.Create request, Caller caller) throws ErrnoException {
    int permissions = NodeOperations.permissions(request.mode());
    Created created = fileSystem.create(dir, request.name(), request.flags(), permissions, caller);
    return new Reply.Made(nodes.found(created.entry()), opened(created.file(), request.flags()));
  }

  private Opened opened(OpenFile file, OpenFlags flags) {
    boolean keeps = pages == PageCache.KEPT || file.keepCache();
    int reply = keeps ? Opened.KEEP_CACHE : 0;
    if (pages == PageCache.NONE || flags.direct()) {
      reply = Opened.DIRECT_IO | Opened.PARALLEL_DIRECT_WRITES;
    }
    if (!flags.access().writes()) {
      // Closing it has nothing to report, so it need not ask.
      reply |= Opened.NO_FLUSH;
    }
    return new Opened(files.add(file), reply);
  }

  Reply read(Request.Read request, Caller caller) throws ErrnoException {
    int length = Math.min(request.size(), Negotiation.MAX_TRANSFER);
    return new Reply.Bytes(files.get(request.handle()).read(request.offset(), length, caller));
  }

  Reply write(Request.Write request, Payload payload, Caller caller) throws ErrnoException {
    return new Reply.Written(files.get(request.handle()).write(request.offset(), payload, caller));
  }

  Reply flush(Request.Flush request, Caller caller) throws ErrnoException {
    files.get(request.handle()).flush(caller);
    return new Reply.Done();
  }

  Reply fsync(Request.Fsync request, Caller caller) throws ErrnoException {
    files.get(request.handle()).fsync(request.dataOnly(), caller);
    return new Reply.Done();
  }

  Reply fallocate(Request.Fallocate request, Caller caller) throws ErrnoException {
    if (request.mode() != 0) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "fallocate mode " + request.mode());
    }
    files.get(request.handle()).allocate(request.offset(), request.length(), caller);
    return new Reply.Done();
  }

  Reply copyFileRange(Request.CopyFileRange request, Caller caller) throws ErrnoException {
    long copied =
        fileSystem.copyFileRange(
            files.get(request.fromHandle()),
            request.fromOffset(),
            files.get(request.toHandle()),
            request.toOffset(),
            request.wide() ? request.length() : Math.min(request.length(), MOST_COPIED),
            caller);
    return request.wide() ? new Reply.Copied(copied) : new Reply.Written((int) copied);
  }

  Reply release(long handle) {
    OpenFile file = files.remove(handle);
    if (file != null) {
      file.release();
    }
    return new Reply.Done();
  }
}
