package dev.mooring.fuse.jnr;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fuse.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import ru.serce.jnrfuse.struct.FileStat;

/** What one readdir answers, put entry by entry into libfuse's buffer by its own function. */
final class DirectoryPage implements AutoCloseable {
  /** {@code int fuse_fill_dir_t(void *buf, char *name, struct stat *stat, off_t off)}. */
  private static final MethodHandle FILL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));

  /** What libfuse itself puts where it knows no number; 0 would hide the entry. */
  private static final long UNKNOWN_INODE = 0xffffffffL;

  /** More than a {@code struct stat} takes on any 64-bit architecture. */
  private static final long STAT_BYTES = 256;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment name = arena.allocate(FileName.MAX_BYTES + 1L);
  private final MemorySegment statBytes = arena.allocate(STAT_BYTES);
  private final FileStat stat =
      FileStat.of(Pointer.wrap(Runtime.getSystemRuntime(), statBytes.address()));
  private final MemorySegment buffer;
  private final MemorySegment filler;

  DirectoryPage(Pointer buffer, Pointer filler) {
    this.buffer = MemorySegment.ofAddress(buffer.address());
    this.filler = MemorySegment.ofAddress(filler.address());
  }

  boolean addDot(long inode, long nextOffset) {
    return add(StandardCharsets.US_ASCII.encode("."), inode, FileType.DIRECTORY, nextOffset);
  }

  boolean addDots(long nextOffset) {
    return add(
        StandardCharsets.US_ASCII.encode(".."), UNKNOWN_INODE, FileType.DIRECTORY, nextOffset);
  }

  /** Adds an entry; false when there is no room. */
  boolean add(FileName entry, long inode, FileType type, long nextOffset) {
    return add(entry.bytes(), inode, type, nextOffset);
  }

  private boolean add(ByteBuffer bytes, long inode, FileType type, long nextOffset) {
    name.set(JAVA_BYTE, bytes.remaining(), (byte) 0);
    name.asByteBuffer().put(bytes);
    stat.st_ino.set(inode);
    stat.st_mode.set(type.formatBits());
    try {
      return (int) FILL.invokeExact(filler, buffer, name, statBytes, nextOffset) == 0;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
