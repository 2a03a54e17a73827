package dev.mooring.fuse.jnr;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Statvfs;

/** Values of the waist in C's structs and back. */
final class Structs {
  /** What stdio and cp read at a time; the kernel's page. */
  private static final int BLOCK_BYTES = 4096;

  private static final long UTIME_NOW = (1L << 30) - 1;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final int READ_ONLY = 1;

  private Structs() {}

  /** Fills a {@code struct stat} that libfuse has zeroed. */
  static void put(Attributes attributes, FileStat stat) {
    stat.st_ino.set(attributes.inode());
    stat.st_mode.set(attributes.mode());
    stat.st_nlink.set(attributes.links());
    stat.st_uid.set(Integer.toUnsignedLong(attributes.uid()));
    stat.st_gid.set(Integer.toUnsignedLong(attributes.gid()));
    stat.st_size.set(attributes.size());
    stat.st_blksize.set(BLOCK_BYTES);
    stat.st_blocks.set(attributes.blocks());
    stat.st_atim.tv_sec.set(attributes.accessedSeconds());
    stat.st_mtim.tv_sec.set(attributes.modifiedSeconds());
    stat.st_ctim.tv_sec.set(attributes.changedSeconds());
  }

  /** Fills a {@code struct statvfs} that libfuse has zeroed. */
  static void put(Statistics statistics, Statvfs statvfs) {
    statvfs.f_bsize.set(statistics.blockSize());
    statvfs.f_frsize.set(statistics.blockSize());
    statvfs.f_blocks.set(statistics.blocks());
    statvfs.f_bfree.set(statistics.freeBlocks());
    statvfs.f_bavail.set(statistics.availableBlocks());
    statvfs.f_files.set(statistics.files());
    statvfs.f_ffree.set(statistics.freeFiles());
    statvfs.f_favail.set(statistics.freeFiles());
    statvfs.f_namemax.set(statistics.maxNameBytes());
    statvfs.f_flag.set(statistics.readOnly() ? READ_ONLY : 0);
  }

  /** Copies a link's target and its NUL into a buffer that is large enough for any target. */
  static void put(TargetBytes target, Pointer buffer) {
    buffer.put(0, target.toByteArray(), 0, target.length());
    buffer.putByte(target.length(), (byte) 0);
  }

  /** Copies what was read. */
  static void put(Lease lease, Pointer buffer) {
    MemorySegment to = segment(buffer, lease.length());
    long at = 0;
    for (ByteBuffer slice : lease.slices()) {
      MemorySegment from = MemorySegment.ofBuffer(slice);
      MemorySegment.copy(from, 0, to, at, from.byteSize());
      at += from.byteSize();
    }
  }

  /** The bytes at a pointer, valid as long as C keeps them. */
  static ByteBuffer bytes(Pointer buffer, long length) {
    return segment(buffer, length).asByteBuffer();
  }

  private static MemorySegment segment(Pointer buffer, long length) {
    return MemorySegment.ofAddress(buffer.address()).reinterpret(length);
  }

  /** The two {@code struct timespec} of utimensat(2). */
  static AttributeChange timeChanges(Pointer timespecs) {
    return AttributeChange.ofTimes(timeChange(timespecs, 0), timeChange(timespecs, 2 * Long.BYTES));
  }

  private static TimeChange timeChange(Pointer timespecs, int at) {
    long nanos = timespecs.getLong(at + Long.BYTES);
    if (nanos == UTIME_OMIT) {
      return new TimeChange.Keep();
    }
    return nanos == UTIME_NOW ? new TimeChange.Now() : new TimeChange.Set(timespecs.getLong(at));
  }
}
