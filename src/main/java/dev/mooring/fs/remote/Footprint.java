package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What our writes have made of one file, as far as it takes to recognise the file after the
 * connection was lost: how long it must be, and checksums of the last bytes that the server has
 * acknowledged, 64 KiB at most. Thread-safe.
 */
final class Footprint {
  static final int MAX_BYTES = 64 * 1024;

  /** One READ of any server brings as much. */
  private static final int PIECE = 32 * 1024;

  private static final int MAX_SAMPLES = 16;
  private static final long UNKNOWN = -1;

  /** Bytes that the server acknowledged with a WRITE of that number. */
  record Sample(long number, long offset, int length, long checksum) {
    boolean overlaps(long from, long to) {
      return from < offset + length && offset < to;
    }

    boolean isOf(ByteBuffer bytes) {
      return Footprint.checksum(bytes) == checksum;
    }
  }

  @GuardedBy("this")
  private final Deque<Sample> samples = new ArrayDeque<>();

  /** How long the file is when all that was taken in has been written. */
  @GuardedBy("this")
  private long end = UNKNOWN;

  @GuardedBy("this")
  private long endTick;

  @GuardedBy("this")
  private long acknowledgedEnd;

  @GuardedBy("this")
  private long resizedTick;

  @GuardedBy("this")
  private long resizedBehind;

  /**
   * Bytes were taken in.
   *
   * @param offset where they go; ignored for {@code appended} ones
   * @param last what the server last said of the file
   * @return how long the file is before that, when all before it has been written; negative when
   *     that is not known
   */
  synchronized long taken(
      boolean appended, long offset, int bytes, long tick, AttributeCache.@Nullable Seen last) {
    if (last != null && last.asked().tick() > endTick) {
      Long size = last.attributes().size();
      end = size == null ? UNKNOWN : size;
    }
    long before = end;
    if (end != UNKNOWN) {
      end = appended ? end + bytes : Math.max(end, offset + bytes);
    }
    endTick = tick;
    return before;
  }

  /**
   * The size is changed in another way: what was known of the content may be gone.
   *
   * @param behind the number of the last write before that; what it wrote may be gone too, even if
   *     it is acknowledged later
   */
  synchronized void resized(long tick, long behind) {
    samples.clear();
    end = UNKNOWN;
    endTick = tick;
    acknowledgedEnd = 0;
    resizedTick = tick;
    resizedBehind = behind;
  }

  /** The server has acknowledged a WRITE at an offset. */
  synchronized void acknowledged(long number, long offset, int length, List<ByteBuffer> parts) {
    if (number <= resizedBehind) {
      return;
    }
    acknowledgedEnd = Math.max(acknowledgedEnd, offset + length);
    boolean overtaken = false;
    for (Sample sample : List.copyOf(samples)) {
      if (sample.overlaps(offset, offset + length)) {
        samples.remove(sample);
        overtaken |= sample.number() > number;
      }
    }
    if (!overtaken) {
      ByteBuffer tail = tail(parts, Math.min(length, MAX_BYTES));
      for (int at = 0; at < tail.limit(); at += PIECE) {
        int piece = Math.min(PIECE, tail.limit() - at);
        long from = offset + length - tail.limit() + at;
        samples.add(new Sample(number, from, piece, checksum(tail.slice(at, piece))));
      }
      forgetOld();
    }
  }

  @GuardedBy("this")
  private void forgetOld() {
    int bytes = samples.stream().mapToInt(Sample::length).sum();
    while (bytes > MAX_BYTES || samples.size() > MAX_SAMPLES) {
      bytes -= samples.remove().length();
    }
  }

  /** The bytes that are known to be in the file. */
  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  /**
   * Whether a file that was {@code thenSize} long may have become this long by our writes.
   *
   * @param thenTick when that size was asked for
   */
  synchronized boolean allows(long thenSize, long thenTick, long nowSize) {
    if (resizedTick >= thenTick || end == UNKNOWN) {
      return true;
    }
    return nowSize >= Math.max(thenSize, acknowledgedEnd) && nowSize <= Math.max(thenSize, end);
  }

  /** The last bytes of what lies in several parts. */
  static ByteBuffer tail(List<ByteBuffer> parts, int bytes) {
    ByteBuffer tail = ByteBuffer.allocate(bytes);
    int missing = bytes;
    for (int i = parts.size() - 1; missing > 0; i--) {
      ByteBuffer part = parts.get(i);
      int taken = Math.min(missing, part.remaining());
      missing -= taken;
      tail.put(missing, part, part.limit() - taken, taken);
    }
    return tail;
  }

  private static long checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return checksum.getValue();
  }
}
