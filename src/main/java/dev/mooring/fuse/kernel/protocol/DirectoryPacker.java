package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.Entry;
import dev.mooring.fs.FileType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Packs entries of a directory as READDIR ({@code struct fuse_dirent}) or READDIRPLUS ({@code
 * struct fuse_direntplus}) wants them, each padded to eight bytes, until there is no more room. Not
 * thread-safe.
 */
public final class DirectoryPacker {
  private static final int DIRENT_BYTES = 24;
  private static final int ALIGNMENT = 8;

  /** By how much the format bits of {@code st_mode} are above those of {@code d_type}. */
  private static final int TYPE_SHIFT = 12;

  private final ByteBuffer out;
  private final boolean plus;
  private final long nowNanos;

  /**
   * Packs into {@code out}.
   *
   * @param nowNanos the present instant of {@code Pace.nanoTime}, from which lifetimes are counted
   */
  public DirectoryPacker(ByteBuffer out, boolean plus, long nowNanos) {
    this.out = out;
    this.plus = plus;
    this.nowNanos = nowNanos;
  }

  /** Whether an entry with a name of this length finds room. */
  public boolean hasRoom(int nameLength) {
    return padded(nameLength) <= out.remaining();
  }

  /**
   * Adds an entry, for which there is room.
   *
   * @param nextOffset where the kernel goes on after it
   * @param nodeId whose reference {@code entry} counts; without an entry the kernel asks for it
   *     when somebody wants it
   */
  public void add(
      ByteBuffer name,
      long inode,
      FileType type,
      long nextOffset,
      long nodeId,
      Entry.@Nullable Present entry) {
    int end = out.position() + padded(name.remaining());
    if (plus && entry != null) {
      ReplyEncoder.entry(nodeId, entry, nowNanos, out);
    } else if (plus) {
      // A node id of 0: a name and nothing more.
      skip(ReplyEncoder.ENTRY_BYTES);
    }
    out.putLong(inode).putLong(nextOffset);
    out.putInt(name.remaining()).putInt(type.formatBits() >>> TYPE_SHIFT);
    out.put(name);
    skip(end - out.position());
  }

  private int padded(int nameLength) {
    int bytes = (plus ? ReplyEncoder.ENTRY_BYTES : 0) + DIRENT_BYTES + nameLength;
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** The buffer is new, so what is passed over is zero. */
  private void skip(int bytes) {
    out.position(out.position() + bytes);
  }
}
