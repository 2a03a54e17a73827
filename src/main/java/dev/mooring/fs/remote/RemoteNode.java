package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.TargetBytes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Something on the server that the kernel knows or has open. Where it is at present (parent and
 * name) belongs to the {@link NodeTable}, so that renaming a directory moves nothing but itself.
 */
final class RemoteNode implements Node {
  private final long inode;
  private final FileType type;
  private final AttributeCache attributes = new AttributeCache();
  private final PageTrust pages = new PageTrust();
  private final AtomicLong contentVersion = new AtomicLong();
  private final WriteBehind.Server server;
  private final NodePlace place = new NodePlace();
  private final List<ServerFile> files = new CopyOnWriteArrayList<>();

  /** Made when first wanted: most nodes are never written, and it is half of what one takes. */
  private volatile @Nullable WriteBehind writes;

  @GuardedBy("this")
  private @Nullable Integer shownUid;

  @GuardedBy("this")
  private @Nullable Integer shownGid;

  @GuardedBy("this")
  private @Nullable ReadLink target;

  RemoteNode(long inode, FileType type, WriteBehind.Server server) {
    this.inode = inode;
    this.type = type;
    this.server = server;
  }

  /** Where a link pointed, and when that was asked for. */
  record ReadLink(TargetBytes target, Asked asked) {}

  @Override
  public long inode() {
    return inode;
  }

  FileType type() {
    return type;
  }

  AttributeCache attributes() {
    return attributes;
  }

  PageTrust pages() {
    return pages;
  }

  /** Its writes; to be asked for only where there are some or will be. */
  WriteBehind writes() {
    WriteBehind made = writes;
    return made == null ? makeWrites() : made;
  }

  private synchronized WriteBehind makeWrites() {
    WriteBehind made = writes;
    if (made == null) {
      made = new WriteBehind(server, attributes);
      writes = made;
    }
    return made;
  }

  /** Whether the server has not acknowledged all of its writes. */
  boolean isBusy() {
    WriteBehind made = writes;
    return made != null && made.isBusy();
  }

  /** How many of its writes have failed so far. */
  int failedWrites() {
    WriteBehind made = writes;
    return made == null ? 0 : made.errors().count();
  }

  /** How many bytes of it are lost without anybody knowing. */
  long untoldBytes() {
    WriteBehind made = writes;
    return made == null ? 0 : made.errors().untoldBytes();
  }

  /** For the node table only, under its lock. */
  NodePlace place() {
    return place;
  }

  /**
   * What is highest above it: the root, unless a directory on the way has lost its name. Names
   * alone would lead to something else then. For the node table only, under its lock.
   */
  RemoteNode top() {
    RemoteNode top = this;
    while (top.place.parent != null) {
      top = top.place.parent;
    }
    return top;
  }

  /** What has it open on the server, in the order of opening. */
  List<ServerFile> files() {
    return files;
  }

  boolean isOpen() {
    return place.isOpen();
  }

  /** Whether it has a name. */
  boolean isLinked() {
    return place.isLinked();
  }

  /** Grows with every own change of the content: what was read ahead before is of no use then. */
  long contentVersion() {
    return contentVersion.get();
  }

  void contentChanged() {
    contentVersion.incrementAndGet();
  }

  synchronized @Nullable Integer shownUid() {
    return shownUid;
  }

  synchronized @Nullable Integer shownGid() {
    return shownGid;
  }

  /** Shows an owner that the server refused; null shows the server's again. */
  synchronized void showOwner(@Nullable Integer uid, @Nullable Integer gid) {
    shownUid = uid;
    shownGid = gid;
  }

  synchronized @Nullable ReadLink target() {
    return target;
  }

  synchronized void rememberTarget(ReadLink read) {
    target = read;
  }

  /** The inode and, where it has one, the name: for messages. */
  @Override
  public String toString() {
    FileName name = place.name();
    return "node " + Long.toUnsignedString(inode) + (name == null ? "" : " " + name);
  }
}
