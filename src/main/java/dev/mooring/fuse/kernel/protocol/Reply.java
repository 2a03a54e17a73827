package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import java.nio.ByteBuffer;
import java.util.List;

/** What a request is answered with. */
public sealed interface Reply {
  /** It failed. */
  record Failed(Errno errno) implements Reply {}

  /** It is done, and there is nothing to say. */
  record Done() implements Reply {}

  /** There is something, and it counts one reference of {@code nodeId}. */
  record Found(long nodeId, Entry.Present entry) implements Reply {}

  /** There is nothing, which may be believed until an instant of {@code Pace.nanoTime}. */
  record NotFound(long trueUntilNanos) implements Reply {}

  /** Attributes. */
  record Shown(Fresh<Attributes> attributes) implements Reply {}

  /**
   * A file or directory is open as {@code handle}.
   *
   * @param openFlags of those below ({@code FOPEN_...})
   */
  record Opened(long handle, int openFlags) implements Reply {
    /** Reads and writes go past the page cache. */
    public static final int DIRECT_IO = 1;

    /** Pages that the kernel still has are good. */
    public static final int KEEP_CACHE = 1 << 1;

    /** Closing it need not be told. */
    public static final int NO_FLUSH = 1 << 5;

    /** With {@link #DIRECT_IO}: several writes at a time. */
    public static final int PARALLEL_DIRECT_WRITES = 1 << 6;
  }

  /** A file was made, which counts one reference, and is open as {@code handle}. */
  record Made(Found found, Opened opened) implements Reply {}

  /** Bytes of a file, lent until the reply is sent. */
  record Bytes(Lease lease) implements Reply {}

  /** So many bytes were written or copied. */
  record Written(int bytes) implements Reply {}

  /** So many bytes were copied, where the kernel can hear of more than 4 GiB. */
  record Copied(long bytes) implements Reply {}

  /** Where a symbolic link points. */
  record Target(TargetBytes target) implements Reply {}

  /** How full the file system is. */
  record Filled(Statistics statistics) implements Reply {}

  /**
   * Entries of a directory as {@link DirectoryPacker} packed them.
   *
   * @param nodeIds whose references they count, one for each time it is named
   */
  record Entries(ByteBuffer packed, List<Long> nodeIds) implements Reply {}

  /** The answer to INIT. */
  record Agreed(Negotiation negotiation) implements Reply {}
}
