package dev.mooring.testing;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.TargetBytes;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One inode of the {@link ReferenceFileSystem}, which guards all of its fields. */
abstract sealed class ReferenceNode implements Node {
  private static final int SET_ID_BITS = 06000;
  private static final int SET_GROUP_ID = 02000;
  private static final int GROUP_EXECUTE = 0010;

  private final long inode;
  int permissions;
  int uid;
  int gid;
  int links = 1;
  long accessedSeconds;
  long modifiedSeconds;
  long changedSeconds;

  /** How often the kernel knows it. */
  long references;

  /** How many open files and open directories there are of it. */
  int opens;

  private ReferenceNode(long inode) {
    this.inode = inode;
  }

  /** A directory: two links, and one more for each directory below. */
  static final class Folder extends ReferenceNode {
    final TreeMap<FileName, ReferenceNode> children = new TreeMap<>();
    @Nullable Folder parent;

    Folder(long inode) {
      super(inode);
      links = 2;
    }

    ReferenceNode child(FileName name) throws ErrnoException {
      ReferenceNode child = children.get(name);
      if (child == null) {
        throw new ErrnoException(Errno.ENOENT, name.toString());
      }
      return child;
    }

    void put(FileName name, ReferenceNode node, long now) {
      children.put(name, node);
      modifiedAt(now);
      if (node instanceof Folder folder) {
        folder.parent = this;
        links++;
      }
    }

    /** Takes an entry out that is going elsewhere. */
    void take(FileName name, long now) {
      if (children.remove(name) instanceof Folder folder) {
        folder.parent = null;
        links--;
      }
      modifiedAt(now);
    }

    /** Takes an entry out for good: one name less, and a directory is gone with its only one. */
    void remove(FileName name, long now) throws ErrnoException {
      ReferenceNode child = child(name);
      take(name, now);
      child.links = child instanceof Folder ? 0 : child.links - 1;
      child.changedSeconds = now;
    }

    boolean isWithin(ReferenceNode ancestor) {
      return this == ancestor || (parent != null && parent.isWithin(ancestor));
    }
  }

  /** A regular file. */
  static final class RegularFile extends ReferenceNode {
    final SparseBytes bytes = new SparseBytes();

    RegularFile(long inode) {
      super(inode);
    }
  }

  /** A symbolic link. */
  static final class Link extends ReferenceNode {
    final TargetBytes target;

    Link(long inode, TargetBytes target) {
      super(inode);
      this.target = target;
    }
  }

  /** A FIFO, socket or device: there, but never opened. */
  static final class Special extends ReferenceNode {
    final FileType type;

    Special(long inode, FileType type) {
      super(inode);
      this.type = type;
    }
  }

  @Override
  public final long inode() {
    return inode;
  }

  FileType type() {
    return switch (this) {
      case Folder _ -> FileType.DIRECTORY;
      case RegularFile _ -> FileType.REGULAR;
      case Link _ -> FileType.SYMLINK;
      case Special special -> special.type;
    };
  }

  Attributes attributes() {
    long size =
        switch (this) {
          case Folder _ -> 4096;
          case RegularFile file -> file.bytes.size();
          case Link link -> link.target.length();
          case Special _ -> 0;
        };
    return new Attributes(
        inode,
        type(),
        permissions,
        links,
        uid,
        gid,
        size,
        accessedSeconds,
        modifiedSeconds,
        changedSeconds);
  }

  /** What rmdir(2) asks of what it removes. */
  void requireEmptyFolder() throws ErrnoException {
    if (!(this instanceof Folder folder)) {
      throw new ErrnoException(Errno.ENOTDIR, "node " + inode);
    }
    if (!folder.children.isEmpty()) {
      throw new ErrnoException(Errno.ENOTEMPTY, "node " + inode);
    }
  }

  /** The content has changed. */
  void modifiedAt(long seconds) {
    modifiedSeconds = seconds;
    changedSeconds = seconds;
  }

  /** Applies all of a change but the size. */
  void apply(AttributeChange change, long now) {
    if (!change.keepsOwner()) {
      uid = change.uid() == null ? uid : change.uid();
      gid = change.gid() == null ? gid : change.gid();
      dropSetIdBits();
    }
    permissions = change.permissions() == null ? permissions : change.permissions();
    accessedSeconds = changed(accessedSeconds, change.accessed(), now);
    modifiedSeconds = changed(modifiedSeconds, change.modified(), now);
    changedSeconds = now;
  }

  /** Since Linux 2.2.13 chown(2) by root, too, takes these away from what could be executed. */
  private void dropSetIdBits() {
    if (!(this instanceof Folder)) {
      boolean locking = (permissions & GROUP_EXECUTE) == 0;
      permissions &= ~(locking ? SET_ID_BITS ^ SET_GROUP_ID : SET_ID_BITS);
    }
  }

  private static long changed(long old, TimeChange change, long now) {
    return switch (change) {
      case TimeChange.Keep() -> old;
      case TimeChange.Set(long seconds) -> seconds;
      case TimeChange.Now() -> now;
    };
  }
}
