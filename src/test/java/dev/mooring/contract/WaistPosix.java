package dev.mooring.contract;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Lease;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.Pace;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import dev.mooring.testing.TestCaller;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands where the kernel stands: walks a {@link FileSystem} node by node, forgets what it was
 * given, and asks for no more than 1 MiB at once. What the kernel checks before it asks a FUSE
 * server is checked here only where the waist says nothing of it.
 */
public final class WaistPosix implements Posix {
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  private final FileSystem fileSystem;
  private final Pace pace;
  private final Closeable afterwards;
  private final Payloads payloads = new Payloads();
  private final AtomicInteger lastDescriptor = new AtomicInteger(2);
  private final Map<Integer, Opening.Opened> descriptors = new ConcurrentHashMap<>();

  /**
   * The file system as a process sees it.
   *
   * @param afterwards ends the file system, and checks that nothing is left
   */
  public WaistPosix(FileSystem fileSystem, Pace pace, Closeable afterwards) {
    this.fileSystem = fileSystem;
    this.pace = pace;
    this.afterwards = afterwards;
  }

  private Caller caller() {
    return TestCaller.root(pace);
  }

  @Override
  public int open(String path, int permissions, Flag... flags) throws ErrnoException {
    Set<Flag> set = Set.of(flags);
    Opening opening = new Opening(fileSystem, this::caller, path, Opening.flags(set));
    int descriptor = lastDescriptor.incrementAndGet();
    descriptors.put(
        descriptor, set.contains(Flag.CREATE) ? opening.create(permissions) : opening.existing());
    return descriptor;
  }

  @Override
  public byte[] pread(int descriptor, int count, long offset) throws ErrnoException {
    OpenFile file = file(descriptor);
    ByteArrayOutputStream all = new ByteArrayOutputStream(count);
    boolean more = true;
    while (more) {
      int wanted = Math.min(MAX_REQUEST_BYTES, count - all.size());
      try (Lease lease = file.read(offset + all.size(), wanted, caller())) {
        all.writeBytes(Payloads.copyOf(lease, wanted));
        more = lease.length() == wanted && all.size() < count;
      }
    }
    return all.toByteArray();
  }

  @Override
  public int pwrite(int descriptor, byte[] bytes, long offset) throws ErrnoException {
    OpenFile file = file(descriptor);
    int done = 0;
    do {
      int count = Math.min(MAX_REQUEST_BYTES, bytes.length - done);
      done += payloads.write(file, offset + done, ByteBuffer.wrap(bytes, done, count), caller());
    } while (done < bytes.length);
    return done;
  }

  @Override
  public void close(int descriptor) throws ErrnoException {
    Opening.Opened closed = require(descriptors.remove(descriptor));
    try {
      closed.file().flush(caller());
    } finally {
      closed.file().release();
      closed.walk().close();
    }
  }

  @Override
  public void fsync(int descriptor) throws ErrnoException {
    file(descriptor).fsync(false, caller());
  }

  @Override
  public void syncfs(int descriptor) throws ErrnoException {
    file(descriptor);
    fileSystem.sync(caller());
  }

  @Override
  public Attributes stat(String path) throws ErrnoException {
    return stat(path, true);
  }

  @Override
  public Attributes lstat(String path) throws ErrnoException {
    return stat(path, false);
  }

  private Attributes stat(String path, boolean follow) throws ErrnoException {
    try (Walk walk = walk(path, follow)) {
      return fileSystem.getattr(walk.node(), null, caller()).value();
    }
  }

  @Override
  public Attributes fstat(int descriptor) throws ErrnoException {
    OpenFile file = file(descriptor);
    return fileSystem.getattr(file.node(), file, caller()).value();
  }

  @Override
  public void mkdir(String path, int permissions) throws ErrnoException {
    make(path, (parent, name) -> fileSystem.mkdir(parent.node(), name, permissions, caller()));
  }

  @Override
  public void mkfifo(String path, int permissions) throws ErrnoException {
    make(
        path,
        (parent, name) ->
            fileSystem.mknod(parent.node(), name, FileType.FIFO, permissions, caller()));
  }

  @Override
  public void link(String existing, String path) throws ErrnoException {
    try (Walk walk = walk(existing, false)) {
      make(path, (parent, name) -> fileSystem.link(walk.node(), parent.node(), name, caller()));
    }
  }

  @Override
  public void symlink(String target, String path) throws ErrnoException {
    TargetBytes bytes = TargetBytes.of(target.getBytes(StandardCharsets.ISO_8859_1));
    make(path, (parent, name) -> fileSystem.symlink(parent.node(), name, bytes, caller()));
  }

  /** What makes an entry, whose reference is given back at once. */
  private interface Making {
    Entry.Present make(Walk parent, FileName name) throws ErrnoException;
  }

  private void make(String path, Making making) throws ErrnoException {
    try (Walk parent = Walk.toParent(fileSystem, path, caller())) {
      fileSystem.forget(making.make(parent, Walk.nameIn(path)).node(), 1);
    }
  }

  @Override
  public void rmdir(String path) throws ErrnoException {
    try (Walk parent = Walk.toParent(fileSystem, path, caller())) {
      fileSystem.rmdir(parent.node(), Walk.nameIn(path), caller());
    }
  }

  @Override
  public void unlink(String path) throws ErrnoException {
    try (Walk parent = Walk.toParent(fileSystem, path, caller())) {
      FileName name = Walk.nameIn(path);
      // As the kernel, which looks at what it is to remove unless it has just seen it.
      requireThere(parent, name);
      fileSystem.unlink(parent.node(), name, caller());
    }
  }

  @Override
  public void rename(String from, String to, RenameFlags flags) throws ErrnoException {
    try (Walk parent = Walk.toParent(fileSystem, from, caller());
        Walk newParent = Walk.toParent(fileSystem, to, caller())) {
      FileName name = Walk.nameIn(from);
      FileName newName = Walk.nameIn(to);
      if (parent.node() == newParent.node() && name.equals(newName)) {
        ontoItself(parent, name, flags);
      } else {
        fileSystem.rename(parent.node(), name, newParent.node(), newName, flags, caller());
      }
    }
  }

  /** The kernel does not ask for this: to it, both are one entry. */
  private void ontoItself(Walk parent, FileName name, RenameFlags flags) throws ErrnoException {
    requireThere(parent, name);
    if (flags == RenameFlags.NO_REPLACE) {
      throw new ErrnoException(Errno.EEXIST, name.toString());
    }
  }

  private void requireThere(Walk parent, FileName name) throws ErrnoException {
    if (!(fileSystem.lookup(parent.node(), name, caller()) instanceof Entry.Present entry)) {
      throw new ErrnoException(Errno.ENOENT, name.toString());
    }
    fileSystem.forget(entry.node(), 1);
  }

  @Override
  public String readlink(String path) throws ErrnoException {
    try (Walk walk = walk(path, false)) {
      byte[] target = fileSystem.readlink(walk.node(), caller()).toByteArray();
      return new String(target, StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void chmod(String path, int permissions) throws ErrnoException {
    setattr(path, true, AttributeChange.ofPermissions(permissions));
  }

  @Override
  public void lchown(String path, int uid, int gid) throws ErrnoException {
    setattr(path, false, AttributeChange.ofOwner(uid == -1 ? null : uid, gid == -1 ? null : gid));
  }

  @Override
  public void truncate(String path, long size) throws ErrnoException {
    setattr(path, true, AttributeChange.ofSize(size));
  }

  @Override
  public void ftruncate(int descriptor, long size) throws ErrnoException {
    setattr(descriptor, AttributeChange.ofSize(size));
  }

  @Override
  public void utimensat(String path, TimeChange accessed, TimeChange modified)
      throws ErrnoException {
    setattr(path, false, AttributeChange.ofTimes(accessed, modified));
  }

  @Override
  public void futimens(int descriptor, TimeChange accessed, TimeChange modified)
      throws ErrnoException {
    setattr(descriptor, AttributeChange.ofTimes(accessed, modified));
  }

  private void setattr(String path, boolean follow, AttributeChange change) throws ErrnoException {
    try (Walk walk = walk(path, follow)) {
      fileSystem.setattr(walk.node(), null, change, caller());
    }
  }

  private void setattr(int descriptor, AttributeChange change) throws ErrnoException {
    OpenFile file = file(descriptor);
    fileSystem.setattr(file.node(), file, change, caller());
  }

  @Override
  public void readdir(String path, Predicate<String> visit) throws ErrnoException {
    try (Walk walk = walk(path, true)) {
      Directory directory = fileSystem.opendir(walk.node(), caller());
      try {
        new Listing(fileSystem, directory).read(visit, caller());
      } finally {
        directory.release();
      }
    }
  }

  @Override
  public Statistics statvfs(String path) throws ErrnoException {
    try (Walk _ = walk(path, true)) {
      return fileSystem.statfs(caller()).value();
    }
  }

  @Override
  public void fallocate(int descriptor, long offset, long length) throws ErrnoException {
    file(descriptor).allocate(offset, length, caller());
  }

  /** Copies by reading and writing where the file system cannot, as the kernel does. */
  @Override
  public long copyFileRange(int from, long fromOffset, int to, long toOffset, long length)
      throws ErrnoException {
    try {
      return fileSystem.copyFileRange(file(from), fromOffset, file(to), toOffset, length, caller());
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      byte[] part = pread(from, (int) Math.min(length, MAX_REQUEST_BYTES), fromOffset);
      boolean same = file(from).node() == file(to).node();
      if (same && Math.abs(fromOffset - toOffset) < part.length) {
        throw new ErrnoException(Errno.EINVAL, "the ranges overlap");
      }
      return pwrite(to, part, toOffset);
    }
  }

  @Override
  public void close() throws IOException {
    afterwards.close();
    if (!descriptors.isEmpty()) {
      throw new AssertionError("descriptors still open: " + descriptors.keySet());
    }
    payloads.assertAllReturned();
  }

  private Walk walk(String path, boolean follow) throws ErrnoException {
    return Walk.to(fileSystem, path, follow, caller());
  }

  private OpenFile file(int descriptor) throws ErrnoException {
    return require(descriptors.get(descriptor)).file();
  }

  private static Opening.Opened require(Opening.@Nullable Opened descriptor) throws ErrnoException {
    if (descriptor == null) {
      throw new ErrnoException(Errno.EBADF, "not open");
    }
    return descriptor;
  }
}
