package dev.mooring.fuse.jnr;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Lease;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Payload;
import dev.mooring.fuse.HandleTable;
import dev.mooring.fuse.OpenFlagBits;
import dev.mooring.fuse.PageCache;
import dev.mooring.fuse.jnr.Paths.Found;
import dev.mooring.fuse.jnr.Paths.Place;
import jnr.ffi.Pointer;

/** The operations on open files, found by the handle in their {@link FileInfo}. */
final class FileOperations {
  private final FileSystem fileSystem;
  private final Paths paths;
  private final PageCache pages;
  private final HandleTable<OpenFile> files = new HandleTable<>();

  /**
   * @param pages what the kernel keeps
   */
  FileOperations(FileSystem fileSystem, Paths paths, PageCache pages) {
    this.fileSystem = fileSystem;
    this.paths = paths;
    this.pages = pages;
  }

  void open(String path, FileInfo info, Caller caller) throws ErrnoException {
    OpenFlags flags = OpenFlagBits.decode(info.flags());
    try (Found found = paths.find(path, caller)) {
      opened(fileSystem.open(found.node(), flags, caller), flags, info);
    }
  }

  void create(String path, int mode, FileInfo info, Caller caller) throws ErrnoException {
    OpenFlags flags = OpenFlagBits.decode(info.flags());
    int permissions = mode & Attributes.PERMISSION_BITS;
    try (Place place = paths.place(path, caller)) {
      Created created = fileSystem.create(place.node(), place.name(), flags, permissions, caller);
      opened(created.file(), flags, info);
      fileSystem.forget(created.entry().node(), 1);
    }
  }

  private void opened(OpenFile file, OpenFlags flags, FileInfo info) {
    info.setHandle(files.add(file));
    if (pages == PageCache.NONE || flags.direct()) {
      info.setDirectIo();
    } else if (pages == PageCache.KEPT || file.keepCache()) {
      info.setKeepCache();
    }
  }

  Attributes getattr(FileInfo info, Caller caller) throws ErrnoException {
    OpenFile file = files.get(info.handle());
    return fileSystem.getattr(file.node(), file, caller).value();
  }

  void truncate(long size, FileInfo info, Caller caller) throws ErrnoException {
    OpenFile file = files.get(info.handle());
    fileSystem.setattr(file.node(), file, AttributeChange.ofSize(size), caller);
  }

  int read(Pointer buffer, long length, long offset, FileInfo info, Caller caller)
      throws ErrnoException {
    try (Lease lease = files.get(info.handle()).read(offset, Math.toIntExact(length), caller)) {
      Structs.put(lease, buffer);
      return lease.length();
    }
  }

  int write(Pointer buffer, long length, long offset, FileInfo info, Caller caller)
      throws ErrnoException {
    Payload payload = Payload.of(Structs.bytes(buffer, length));
    return files.get(info.handle()).write(offset, payload, caller);
  }

  void allocate(int mode, long offset, long length, FileInfo info, Caller caller)
      throws ErrnoException {
    if (mode != 0) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "fallocate mode " + mode);
    }
    files.get(info.handle()).allocate(offset, length, caller);
  }

  void flush(FileInfo info, Caller caller) throws ErrnoException {
    files.get(info.handle()).flush(caller);
  }

  void fsync(boolean dataOnly, FileInfo info, Caller caller) throws ErrnoException {
    files.get(info.handle()).fsync(dataOnly, caller);
  }

  void release(FileInfo info) {
    OpenFile file = files.remove(info.handle());
    if (file != null) {
      file.release();
    }
  }

  /** Releases what an aborted mount had open. */
  void releaseAll() {
    files.removeAll(OpenFile::release);
  }
}
