package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Payload;
import java.nio.ByteBuffer;

/** An open file description of the {@link ReferenceFileSystem}, under whose lock it works. */
final class ReferenceOpenFile implements OpenFile {
  private final ReferenceFileSystem fileSystem;
  private final ReferenceNode.RegularFile file;
  private final OpenFlags flags;
  private boolean released;

  ReferenceOpenFile(
      ReferenceFileSystem fileSystem, ReferenceNode.RegularFile file, OpenFlags flags) {
    this.fileSystem = fileSystem;
    this.file = file;
    this.flags = flags;
  }

  @Override
  public Node node() {
    return file;
  }

  @Override
  public boolean keepCache() {
    return false;
  }

  @Override
  public Lease read(long offset, int length, Caller caller) throws ErrnoException {
    synchronized (fileSystem) {
      requireReadable();
      requireInRange(offset, length);
      long left = Math.max(0, file.bytes.size() - offset);
      if (left == 0 || length == 0) {
        return Lease.EMPTY;
      }
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(length, left));
      file.bytes.read(offset, bytes);
      return fileSystem.ledger().lend(bytes.flip());
    }
  }

  @Override
  public int write(long offset, Payload bytes, Caller caller) throws ErrnoException {
    synchronized (fileSystem) {
      requireWritable();
      ByteBuffer source = bytes.bytes();
      int count = source.remaining();
      long start = flags.append() ? file.bytes.size() : offset;
      requireInRange(start, count);
      if (count > 0) {
        file.bytes.write(start, source);
        file.modifiedAt(fileSystem.now());
      }
      return count;
    }
  }

  @Override
  public void allocate(long offset, long length, Caller caller) throws ErrnoException {
    synchronized (fileSystem) {
      requireWritable();
      if (length <= 0) {
        throw new ErrnoException(Errno.EINVAL, "a length of " + length);
      }
      requireInRange(offset, length);
      if (offset + length > file.bytes.size()) {
        file.bytes.resize(offset + length);
      }
      file.modifiedAt(fileSystem.now());
    }
  }

  /** As copy_file_range(2): short at the end of the source; two ranges of one file may not meet. */
  long copyTo(ReferenceOpenFile to, long fromOffset, long toOffset, long length)
      throws ErrnoException {
    requireReadable();
    to.requireWritable();
    if (to.flags.append()) {
      throw new ErrnoException(Errno.EBADF, "the destination appends");
    }
    requireInRange(fromOffset, length);
    requireInRange(toOffset, length);
    long count = Math.clamp(file.bytes.size() - fromOffset, 0, length);
    if (file == to.file && Math.abs(fromOffset - toOffset) < count) {
      throw new ErrnoException(Errno.EINVAL, "the ranges overlap");
    }
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(count, 1 << 20));
    for (long done = 0; done < count; done += part.limit()) {
      part.clear().limit((int) Math.min(part.capacity(), count - done));
      file.bytes.read(fromOffset + done, part);
      to.file.bytes.write(toOffset + done, part.flip());
    }
    if (count > 0) {
      to.file.modifiedAt(fileSystem.now());
    }
    return count;
  }

  @Override
  public void flush(Caller caller) {
    requireOpen();
  }

  @Override
  public void fsync(boolean dataOnly, Caller caller) {
    requireOpen();
  }

  @Override
  public void release() {
    synchronized (fileSystem) {
      requireOpen();
      released = true;
      fileSystem.ledger().releasedFile(file);
    }
  }

  /** ftruncate(2) wants a descriptor that may write. */
  void requireTruncatable() throws ErrnoException {
    requireOpen();
    if (!flags.access().writes()) {
      throw new ErrnoException(Errno.EINVAL, "not open for writing");
    }
  }

  private void requireReadable() throws ErrnoException {
    requireOpen();
    if (!flags.access().reads()) {
      throw new ErrnoException(Errno.EBADF, "not open for reading");
    }
  }

  private void requireWritable() throws ErrnoException {
    requireOpen();
    if (!flags.access().writes()) {
      throw new ErrnoException(Errno.EBADF, "not open for writing");
    }
  }

  private void requireOpen() {
    synchronized (fileSystem) {
      if (released) {
        throw fileSystem
            .ledger()
            .violated("an open file of node " + file.inode() + " used after release");
      }
    }
  }

  private static void requireInRange(long offset, long length) throws ErrnoException {
    if (offset < 0 || length < 0) {
      throw new ErrnoException(Errno.EINVAL, "offset %d, length %d".formatted(offset, length));
    }
    if (offset > Long.MAX_VALUE - length) {
      throw new ErrnoException(Errno.EFBIG, "offset %d, length %d".formatted(offset, length));
    }
  }
}
