package dev.mooring.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.mooring.fs.Errno;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.Libc;
import dev.mooring.fuse.kernel.protocol.Notification;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.ReplyEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes replies and sends them. The bytes of a READ are gathered from where they lie. Holds
 * native memory that is used again for each reply: for one thread at a time.
 */
final class ReplyWriter {
  private static final Logger log = LoggerFactory.getLogger(ReplyWriter.class);

  private static final int ENOENT = 2;
  private static final int ENODEV = 19;
  private static final int ECONNABORTED = 103;

  /** The largest reply but for READ: a full directory reply and its header. */
  private static final int OUT_BYTES = DirectoryOperations.MAX_BYTES + 4096;

  /** IOV_MAX of Linux. */
  private static final int MAX_VECTORS = 1024;

  private static final long VECTOR_BYTES = 16;

  private final FuseChannel channel;
  private final Pace pace;
  private final MemorySegment memory;
  private final ByteBuffer out;
  private final MemorySegment vectors;
  private final MemorySegment errnoState;

  ReplyWriter(FuseChannel channel, Pace pace) {
    this.channel = channel;
    this.pace = pace;
    Arena arena = Arena.ofAuto();
    memory = arena.allocate(OUT_BYTES, Long.BYTES);
    out = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    vectors = arena.allocate(MAX_VECTORS * VECTOR_BYTES, Long.BYTES);
    errnoState = arena.allocate(Libc.ERRNO_STATE);
  }

  /**
   * Sends a reply, and closes what it lends.
   *
   * @return false when the kernel has refused it: the request was given up, or the mount is gone
   */
  boolean send(long unique, Reply reply) {
    out.clear();
    ReplyEncoder.encode(unique, reply, pace.nanoTime(), out);
    int result;
    if (reply instanceof Reply.Bytes bytes) {
      try (Lease lease = bytes.lease()) {
        result = write(lease);
      }
    } else {
      vector(0, memory.address(), out.position());
      result = channel.writev(vectors, 1, errnoState);
    }
    if (result < 0) {
      refused(unique, reply, -result);
    }
    return result >= 0;
  }

  private int write(Lease lease) {
    vector(0, memory.address(), out.position());
    List<ByteBuffer> slices = lease.slices();
    if (slices.size() >= MAX_VECTORS || !slices.stream().allMatch(ByteBuffer::isDirect)) {
      return writeCopy(lease);
    }
    int count = 1;
    for (ByteBuffer slice : slices) {
      vector(count++, MemorySegment.ofBuffer(slice).address(), slice.remaining());
    }
    return channel.writev(vectors, count, errnoState);
  }

  /** For what cannot be gathered: too many pieces, or pieces that the collector may move. */
  private int writeCopy(Lease lease) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(1, lease.length()));
      ByteBuffer target = copy.asByteBuffer();
      lease.slices().forEach(slice -> target.put(slice.duplicate()));
      vector(1, copy.address(), lease.length());
      return channel.writev(vectors, 2, errnoState);
    }
  }

  private void vector(int index, long address, long length) {
    vectors.set(JAVA_LONG, index * VECTOR_BYTES, address);
    vectors.set(JAVA_LONG, index * VECTOR_BYTES + Long.BYTES, length);
  }

  private void refused(long unique, Reply reply, int errno) {
    if (errno == ENOENT || errno == ENODEV || errno == ECONNABORTED) {
      return;
    }
    log.error(
        "the kernel refused a reply of kind {}: {}",
        reply.getClass().getSimpleName(),
        Libc.describe(errno));
    if (!(reply instanceof Reply.Failed)) {
      // Whoever waits for it must not wait for ever.
      send(unique, new Reply.Failed(Errno.EIO));
    }
  }

  /**
   * Tells the kernel something. May block; that the kernel does not know what it is about is fine.
   */
  void send(Notification notification) {
    out.clear();
    ReplyEncoder.encode(notification, out);
    vector(0, memory.address(), out.position());
    channel.writev(vectors, 1, errnoState);
  }
}
