package dev.mooring.fuse.jnr;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fuse.PageCache;
import java.time.Duration;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseOperations;
import ru.serce.jnrfuse.struct.Statvfs;

/**
 * The functions that libfuse calls for one mount. Each goes through {@link #guard}, the one place
 * where an errno becomes a negative number and where no exception gets past.
 *
 * <p>Not set, and so answered with ENOSYS by libfuse, which the kernel remembers: extended
 * attributes (the kernel then says EOPNOTSUPP, which Docker's copy-up accepts), locks (they are
 * kept in the kernel, for this mount), access, bmap, ioctl, poll.
 */
final class Callbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

  /**
   * The bits flag_nullpath_ok, flag_nopath and flag_utime_omit_ok: handles do without a path, and
   * utimens is told which time to leave alone.
   */
  private static final byte FLAGS = 7;

  /** Where they are in {@code struct fuse_operations}: after 38 pointers, the last one bmap. */
  private static final long FLAGS_AT = 38 * Long.BYTES;

  private final FuseOperations operations = new FuseOperations(Runtime.getSystemRuntime());
  private final FileSystem fileSystem;
  private final Duration requestTimeout;
  private final HiddenFiles hidden;
  private final NameOperations names;
  private final FileOperations files;
  private final DirectoryOperations directories;

  Callbacks(FileSystem fileSystem, Duration requestTimeout, PageCache pages) {
    this.fileSystem = fileSystem;
    this.requestTimeout = requestTimeout;
    hidden = new HiddenFiles(fileSystem);
    Paths paths = new Paths(fileSystem, hidden);
    names = new NameOperations(fileSystem, paths, hidden);
    files = new FileOperations(fileSystem, paths, pages);
    directories = new DirectoryOperations(fileSystem, paths);
    // Without this, jnr-ffi keeps the struct on the heap and copies it for each call.
    operations.useMemory(Memory.allocateDirect(Runtime.getSystemRuntime(), size(), true));
    setNames();
    setAttributes();
    setFiles();
    setDirectories();
    memory().putByte(FLAGS_AT, FLAGS);
  }

  /** The {@code struct fuse_operations}; it must be reachable as long as libfuse may call. */
  Pointer memory() {
    return Struct.getMemory(operations);
  }

  /** Its size. */
  int size() {
    return Struct.size(operations);
  }

  /** Releases and forgets what the kernel still held when the connection ended. */
  void releaseAll() {
    files.releaseAll();
    directories.releaseAll();
    hidden.clear();
  }

  private void setNames() {
    operations.readlink.set((path, buffer, size) ->
        guard((_, caller) -> Structs.put(names.readlink(path, caller), buffer)));
    operations.mknod.set(
        (path, mode, device) -> guard((_, caller) -> names.mknod(path, (int) mode, caller)));
    operations.mkdir.set((path, mode) ->
        guard((_, caller) -> names.mkdir(path, (int) mode & Attributes.PERMISSION_BITS, caller)));
    operations.unlink.set(path -> guard((_, caller) -> names.unlink(path, caller)));
    operations.rmdir.set(path -> guard((_, caller) -> names.rmdir(path, caller)));
    operations.symlink.set(
        (target, path) -> guard((_, caller) -> names.symlink(target, path, caller)));
    operations.rename.set((path, newPath) ->
        guard((request, caller) -> names.rename(path, newPath, request, caller)));
    operations.link.set((path, newPath) -> guard((_, caller) -> names.link(path, newPath, caller)));
  }

  private void setAttributes() {
    operations.getattr.set((path, stat) ->
        guard((request, caller) ->
            Structs.put(names.getattr(path, request, caller), FileStat.of(stat))));
    operations.chmod.set((path, mode) ->
        guard((_, caller) ->
            names.setattr(
                path,
                AttributeChange.ofPermissions((int) mode & Attributes.PERMISSION_BITS),
                caller)));
    operations.chown.set((path, uid, gid) ->
        guard(
            (_, caller) -> names.setattr(path, AttributeChange.ofOwner(id(uid), id(gid)), caller)));
    operations.truncate.set((path, size) ->
        guard((_, caller) -> names.setattr(path, AttributeChange.ofSize(size), caller)));
    operations.utimens.set((path, times) ->
        guard((_, caller) -> names.setattr(path, Structs.timeChanges(times), caller)));
    operations.statfs.set((path, statvfs) ->
        guard((_, caller) -> Structs.put(fileSystem.statfs(caller).value(), Statvfs.of(statvfs))));
  }

  /** An id of chown(2); -1 is for keeping it. */
  private static @Nullable Integer id(long id) {
    return (int) id == -1 ? null : (int) id;
  }

  private void setFiles() {
    operations.open.set(
        (path, info) -> guard((_, caller) -> files.open(path, new FileInfo(info), caller)));
    operations.create.set((path, mode, info) ->
        guard((_, caller) -> files.create(path, (int) mode, new FileInfo(info), caller)));
    operations.fgetattr.set((path, stat, info) ->
        guard((_, caller) ->
            Structs.put(files.getattr(new FileInfo(info), caller), FileStat.of(stat))));
    operations.ftruncate.set((path, size, info) ->
        guard((_, caller) -> files.truncate(size, new FileInfo(info), caller)));
    operations.read.set((path, buffer, size, offset, info) ->
        count((_, caller) -> files.read(buffer, size, offset, new FileInfo(info), caller)));
    operations.write.set((path, buffer, size, offset, info) ->
        count((_, caller) -> files.write(buffer, size, offset, new FileInfo(info), caller)));
    operations.fallocate.set((path, mode, offset, length, info) ->
        guard((_, caller) -> files.allocate(mode, offset, length, new FileInfo(info), caller)));
    operations.flush.set(
        (path, info) -> guard((_, caller) -> files.flush(new FileInfo(info), caller)));
    operations.fsync.set((path, dataOnly, info) ->
        guard((_, caller) -> files.fsync(dataOnly != 0, new FileInfo(info), caller)));
    operations.release.set((path, info) -> guard((_, caller) -> files.release(new FileInfo(info))));
  }

  private void setDirectories() {
    operations.opendir.set((path, info) ->
        guard((_, caller) -> directories.opendir(path, new FileInfo(info), caller)));
    operations.readdir.set((path, buffer, filler, offset, info) ->
        guard((_, caller) ->
            directories.readdir(buffer, filler, offset, new FileInfo(info), caller)));
    operations.releasedir.set(
        (path, info) -> guard((_, caller) -> directories.releasedir(new FileInfo(info))));
    // Whatever changed in a directory has been answered by the server.
    operations.fsyncdir.set((path, info) -> 0);
  }

  @FunctionalInterface
  private interface Operation {
    void run(Request request, Caller caller) throws ErrnoException;
  }

  @FunctionalInterface
  private interface CountingOperation {
    int run(Request request, Caller caller) throws ErrnoException;
  }

  private int guard(Operation operation) {
    return count((request, caller) -> {
      operation.run(request, caller);
      return 0;
    });
  }

  private int count(CountingOperation operation) {
    try {
      Request request = Worker.request();
      return operation.run(request, request.caller(requestTimeout));
    } catch (ErrnoException e) {
      return -e.errno().number();
    } catch (Throwable e) {
      LOG.error("a request failed in a way that nobody expected; it is answered with EIO", e);
      return -Errno.EIO.number();
    }
  }
}
