package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Statistics;
import java.nio.ByteBuffer;

/** Writes replies and notifications, each with its {@code struct fuse_out_header}. Stateless. */
public final class ReplyEncoder {
  /** What every reply begins with: its length, an error, and whose reply it is. */
  public static final int HEADER_BYTES = 16;

  /** Of {@code struct fuse_entry_out}. */
  static final int ENTRY_BYTES = 128;

  private static final int BLOCK_BYTES = 4096;
  private static final int INIT_BYTES = 64;
  private static final int SPARE_STATFS_BYTES = 28;
  private static final long NANOS = 1_000_000_000;

  private ReplyEncoder() {}

  /**
   * Writes a reply into {@code out}, from its position on. The bytes of a {@link Reply.Bytes} are
   * counted in the length but not written: they follow from where they lie.
   *
   * @param nowNanos the present instant of {@code Pace.nanoTime}: lifetimes are sent as what is
   *     left
   */
  public static void encode(long unique, Reply reply, long nowNanos, ByteBuffer out) {
    int start = out.position();
    out.putInt(0).putInt(0).putLong(unique);
    int follows = body(reply, nowNanos, out, start);
    out.putInt(start, out.position() - start + follows);
  }

  private static int body(Reply reply, long nowNanos, ByteBuffer out, int start) {
    switch (reply) {
      case Reply.Failed failed -> out.putInt(start + Integer.BYTES, -failed.errno().number());
      case Reply.Done _ -> {}
      case Reply.Found found -> found(found, nowNanos, out);
      case Reply.NotFound absent -> notFound(absent.trueUntilNanos(), nowNanos, out);
      case Reply.Shown shown -> shown(shown.attributes(), nowNanos, out);
      case Reply.Opened opened -> opened(opened, out);
      case Reply.Made made -> {
        found(made.found(), nowNanos, out);
        opened(made.opened(), out);
      }
      case Reply.Bytes bytes -> {
        return bytes.lease().length();
      }
      case Reply.Written written -> out.putInt(written.bytes()).putInt(0);
      case Reply.Copied copied -> out.putLong(copied.bytes());
      case Reply.Target target -> out.put(target.target().bytes());
      case Reply.Filled filled -> filled(filled.statistics(), out);
      case Reply.Entries entries -> out.put(entries.packed().duplicate());
      case Reply.Agreed agreed -> agreed(agreed.negotiation(), out);
    }
    return 0;
  }

  private static void found(Reply.Found found, long nowNanos, ByteBuffer out) {
    entry(found.nodeId(), found.entry(), nowNanos, out);
  }

  /** {@code struct fuse_entry_out}. Node ids are never used twice, so the generation stays 0. */
  static void entry(long nodeId, Entry.Present entry, long nowNanos, ByteBuffer out) {
    long name = Math.max(0, entry.nameTrueUntilNanos() - nowNanos);
    long attributes = entry.attributes().remainingNanos(nowNanos);
    out.putLong(nodeId).putLong(0);
    out.putLong(name / NANOS).putLong(attributes / NANOS);
    out.putInt((int) (name % NANOS)).putInt((int) (attributes % NANOS));
    attributes(entry.attributes().value(), out);
  }

  /** A node id of 0 lets the kernel remember that there is nothing. */
  private static void notFound(long trueUntilNanos, long nowNanos, ByteBuffer out) {
    long left = Math.max(0, trueUntilNanos - nowNanos);
    out.putLong(0).putLong(0);
    out.putLong(left / NANOS).putLong(0);
    out.putInt((int) (left % NANOS)).putInt(0);
    zeros(ENTRY_BYTES - 40, out);
  }

  private static void shown(Fresh<Attributes> attributes, long nowNanos, ByteBuffer out) {
    long left = attributes.remainingNanos(nowNanos);
    out.putLong(left / NANOS).putInt((int) (left % NANOS)).putInt(0);
    attributes(attributes.value(), out);
  }

  /** {@code struct fuse_attr}. */
  private static void attributes(Attributes of, ByteBuffer out) {
    out.putLong(of.inode()).putLong(of.size()).putLong(of.blocks());
    out.putLong(of.accessedSeconds()).putLong(of.modifiedSeconds()).putLong(of.changedSeconds());
    out.putInt(0).putInt(0).putInt(0);
    out.putInt(of.mode()).putInt(of.links()).putInt(of.uid()).putInt(of.gid());
    out.putInt(0).putInt(BLOCK_BYTES).putInt(0);
  }

  private static void opened(Reply.Opened opened, ByteBuffer out) {
    out.putLong(opened.handle()).putInt(opened.openFlags()).putInt(0);
  }

  private static void filled(Statistics of, ByteBuffer out) {
    out.putLong(of.blocks()).putLong(of.freeBlocks()).putLong(of.availableBlocks());
    out.putLong(of.files()).putLong(of.freeFiles());
    out.putInt((int) of.blockSize()).putInt(of.maxNameBytes()).putInt((int) of.blockSize());
    zeros(SPARE_STATFS_BYTES, out);
  }

  private static void agreed(Negotiation agreed, ByteBuffer out) {
    int start = out.position();
    out.putInt(agreed.major()).putInt(agreed.minor());
    out.putInt(agreed.readAheadBytes()).putInt((int) agreed.flags());
    out.putShort((short) agreed.tuning().background());
    out.putShort((short) agreed.tuning().congestion());
    out.putInt(Negotiation.MAX_TRANSFER).putInt(Negotiation.TIME_GRANULARITY_NANOS);
    out.putShort((short) Negotiation.MAX_PAGES).putShort((short) 0);
    out.putInt((int) (agreed.flags() >>> Integer.SIZE));
    zeros(start + INIT_BYTES - out.position(), out);
  }

  /** Writes a notification: a reply to nothing, with its kind where the error would be. */
  public static void encode(Notification notification, ByteBuffer out) {
    int start = out.position();
    switch (notification) {
      case Notification.ContentChanged changed -> {
        out.putInt(0).putInt(Notification.INVAL_INODE).putLong(0);
        out.putLong(changed.nodeId()).putLong(0).putLong(0);
      }
      case Notification.EntryChanged changed -> {
        out.putInt(0).putInt(Notification.INVAL_ENTRY).putLong(0);
        out.putLong(changed.dirId()).putInt(changed.name().length()).putInt(0);
        changed.name().putInto(out);
        out.put((byte) 0);
      }
    }
    out.putInt(start, out.position() - start);
  }

  private static void zeros(int count, ByteBuffer out) {
    for (int i = 0; i < count; i++) {
      out.put((byte) 0);
    }
  }
}
