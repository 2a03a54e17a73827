package dev.mooring.fs.remote;

import dev.mooring.fs.FileType;
import dev.mooring.sftp.RemoteAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the server shows at a path may be taken for what was there before the connection was
 * lost. SFTP has no inode numbers: type, size and time of change have to do.
 */
final class Identity {
  /** Times are whole seconds. */
  private static final long RACY_SECONDS = 2;

  private Identity() {}

  /** Whether it may be the node's, whatever type that has. */
  static boolean isStill(RemoteNode node, RemoteAttributes now) {
    FileType type = AttributeView.typeOf(now);
    if (type != node.type()) {
      return false;
    }
    return switch (type) {
      case REGULAR -> isSameFile(node, now);
      case SYMLINK -> isUnchanged(node, now);
      case DIRECTORY, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> true;
    };
  }

  /** Of a regular file that we may have written to since we last saw its attributes. */
  private static boolean isSameFile(RemoteNode node, RemoteAttributes now) {
    AttributeCache.Seen before = node.attributes().last();
    if (before == null) {
      return false;
    }
    RemoteAttributes then = before.attributes();
    if (then.times() == null || now.times() == null || then.size() == null || now.size() == null) {
      return true;
    }
    boolean changed =
        node.attributes().isChanging() || node.attributes().changedTick() > before.asked().tick();
    return changed
        ? now.times().modifiedSeconds() >= then.times().modifiedSeconds()
            && node.writes().footprint().allows(then.size(), before.asked().tick(), now.size())
        : isUnchanged(node, now);
  }

  /**
   * Whether it has the size and the time that the node is known to have, and has had them for so
   * long that one more change would show in the time.
   */
  static boolean isSettled(RemoteNode node, RemoteAttributes now, long nowSeconds) {
    return node.attributes().last() != null
        && isUnchanged(node, now)
        && nowSeconds - modified(now) > RACY_SECONDS;
  }

  private static boolean isUnchanged(RemoteNode node, RemoteAttributes now) {
    AttributeCache.Seen before = node.attributes().last();
    return before == null || hasSameStamp(before.attributes(), now);
  }

  private static boolean hasSameStamp(RemoteAttributes then, RemoteAttributes now) {
    return Objects.equals(then.size(), now.size()) && modified(then) == modified(now);
  }

  private static long modified(RemoteAttributes of) {
    RemoteAttributes.@Nullable Times times = of.times();
    return times == null ? 0 : times.modifiedSeconds();
  }
}
