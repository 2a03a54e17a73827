package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.FileName;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.TargetBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of the kernel, about the node that its {@link RequestHeader} names. A {@code handle}
 * is a number that an earlier reply to OPEN, CREATE or OPENDIR gave out.
 */
public sealed interface Request {
  /** What the directory has under a name. */
  record Lookup(FileName name) implements Request {}

  /** Gives references back. Has no reply. */
  record Forget(long references) implements Request {}

  /** Gives references of many nodes back. Has no reply. */
  record BatchForget(List<Forgotten> forgotten) implements Request {
    /** One of them. */
    public record Forgotten(long nodeId, long references) {}
  }

  /** stat(2), or fstat(2) with a handle. */
  record Getattr(@Nullable Long handle) implements Request {}

  /** chmod, chown, truncate, utimensat. */
  record Setattr(@Nullable Long handle, AttributeChange change) implements Request {}

  /** readlink(2). */
  record Readlink() implements Request {}

  /** symlink(2). */
  record Symlink(FileName name, TargetBytes target) implements Request {}

  /** mknod(2); {@code mode} with the format bits. */
  record Mknod(FileName name, int mode, int umask) implements Request {}

  /** mkdir(2). */
  record Mkdir(FileName name, int mode, int umask) implements Request {}

  /** unlink(2). */
  record Unlink(FileName name) implements Request {}

  /** rmdir(2). */
  record Rmdir(FileName name) implements Request {}

  /** renameat2(2). */
  record Rename(FileName name, long newDirId, FileName newName, RenameFlags flags)
      implements Request {}

  /** link(2): a new name in the directory for another node. */
  record Link(long targetId, FileName newName) implements Request {}

  /** open(2) of what is there. */
  record Open(OpenFlags flags) implements Request {}

  /** open(2) with O_CREAT. */
  record Create(FileName name, OpenFlags flags, int mode, int umask) implements Request {}

  /** read(2). */
  record Read(long handle, long offset, int size) implements Request {}

  /**
   * write(2). The bytes stay where the request was read to.
   *
   * @param start their place, counted from the first byte of the request
   */
  record Write(long handle, long offset, int start, int size) implements Request {}

  /** statfs(2). */
  record Statfs() implements Request {}

  /** The last descriptor of an open file is gone. */
  record Release(long handle) implements Request {}

  /** A descriptor of an open file is closed. */
  record Flush(long handle) implements Request {}

  /** fsync(2), or fdatasync(2). */
  record Fsync(long handle, boolean dataOnly) implements Request {}

  /** opendir(3). */
  record Opendir() implements Request {}

  /** getdents(2): entries from an offset on; with {@code plus}, each with its attributes. */
  record Readdir(long handle, long offset, int size, boolean plus) implements Request {}

  /** The last descriptor of an open directory is gone. */
  record Releasedir(long handle) implements Request {}

  /** fallocate(2). */
  record Fallocate(long handle, long offset, long length, int mode) implements Request {}

  /**
   * copy_file_range(2).
   *
   * @param wide whether the reply can say more than 4 GiB
   */
  record CopyFileRange(
      long fromHandle, long fromOffset, long toHandle, long toOffset, long length, boolean wide)
      implements Request {}

  /** The process that waits for another request has a signal pending. */
  record Interrupt(long unique) implements Request {}

  /**
   * The first request of all: what the kernel can.
   *
   * @param maxReadahead in bytes
   * @param flags {@link InitFlag} bits, those of the second word shifted up
   */
  record Init(int major, int minor, int maxReadahead, long flags) implements Request {}

  /** The last request, sent by some kernels only. */
  record Destroy() implements Request {}

  /** Anything else. */
  record Unsupported(int opcode) implements Request {}
}
