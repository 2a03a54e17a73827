package dev.mooring.testing;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.ChangeListener;
import dev.mooring.fs.Created;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Pace;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import dev.mooring.testing.ReferenceNode.Folder;
import dev.mooring.testing.ReferenceNode.Link;
import dev.mooring.testing.ReferenceNode.RegularFile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The model of waist A: what a correct file system answers, in memory, at once. It answers as
 * Linux's tmpfs answers root, errno by errno, and is itself checked against tmpfs. There are no
 * permission checks, and reading leaves the time of access alone.
 *
 * <p>It counts what it hands out. Using a node after it was forgotten, an open file after its
 * release, or giving back more than was taken fails at once and is remembered for {@link
 * #assertNothingLeft}. Thread-safe: one lock, never held across anything that waits.
 */
public final class ReferenceFileSystem implements FileSystem {
  private static final int SET_GROUP_ID = 02000;
  private static final int MKDIR_BITS = 01777;
  private static final int EVERYBODY = 0777;
  private static final long BLOCK_BYTES = 4096;
  private static final long BLOCKS = 1L << 24;

  private final Pace pace;
  private final long lifetimeNanos;
  private final Folder root = new Folder(1);
  private final ReferenceLedger ledger = new ReferenceLedger(root);
  private long lastInode = 1;
  private @Nullable ChangeListener listener;

  /** An empty file system whose answers must be asked for again each time. */
  public ReferenceFileSystem(Pace pace) {
    this(pace, Duration.ZERO);
  }

  /** An empty file system whose answers may be believed that long. */
  public ReferenceFileSystem(Pace pace, Duration lifetime) {
    this.pace = pace;
    this.lifetimeNanos = lifetime.toNanos();
    root.permissions = 0755;
    root.modifiedAt(now());
    root.accessedSeconds = now();
  }

  @Override
  public Node root() {
    return root;
  }

  @Override
  public synchronized Entry lookup(Node dir, FileName name, Caller caller) throws ErrnoException {
    ReferenceNode child = folder(dir).children.get(name);
    return child == null ? new Entry.Absent(trueUntil()) : referred(child);
  }

  @Override
  public synchronized void forget(Node node, long count) {
    ledger.forget((ReferenceNode) node, count);
  }

  @Override
  public synchronized Fresh<Attributes> getattr(Node node, @Nullable OpenFile file, Caller caller) {
    return fresh(live(node));
  }

  @Override
  public synchronized Fresh<Attributes> setattr(
      Node node, @Nullable OpenFile file, AttributeChange change, Caller caller)
      throws ErrnoException {
    ReferenceNode changed = live(node);
    if (change.permissions() != null && changed instanceof Link) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "a symbolic link has no permissions");
    }
    if (change.size() != null) {
      if (file instanceof ReferenceOpenFile open) {
        open.requireTruncatable();
      }
      truncate(changed, change.size());
    }
    changed.apply(change, now());
    return fresh(changed);
  }

  private void truncate(ReferenceNode node, long size) throws ErrnoException {
    if (size < 0) {
      throw new ErrnoException(Errno.EINVAL, "a size of " + size);
    }
    RegularFile file = regular(node, Errno.EINVAL);
    file.bytes.resize(size);
    file.modifiedAt(now());
  }

  @Override
  public synchronized Entry.Present mkdir(Node dir, FileName name, int permissions, Caller caller)
      throws ErrnoException {
    Folder parent = forNewEntry(dir, name);
    return made(parent, name, new Folder(++lastInode), permissions & MKDIR_BITS, caller);
  }

  @Override
  public synchronized Entry.Present mknod(
      Node dir, FileName name, FileType type, int permissions, Caller caller)
      throws ErrnoException {
    Folder parent = forNewEntry(dir, name);
    ReferenceNode node =
        switch (type) {
          case REGULAR -> new RegularFile(++lastInode);
          case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
              new ReferenceNode.Special(++lastInode, type);
          case DIRECTORY -> throw new ErrnoException(Errno.EPERM, "mknod of a directory");
          case SYMLINK -> throw new ErrnoException(Errno.EINVAL, "mknod of a symbolic link");
        };
    return made(parent, name, node, permissions, caller);
  }

  @Override
  public synchronized Entry.Present symlink(
      Node dir, FileName name, TargetBytes target, Caller caller) throws ErrnoException {
    Folder parent = forNewEntry(dir, name);
    Entry.Present made = made(parent, name, new Link(++lastInode, target), 0, caller);
    ((ReferenceNode) made.node()).permissions = EVERYBODY;
    return new Entry.Present(made.node(), fresh((ReferenceNode) made.node()), trueUntil());
  }

  @Override
  public synchronized Entry.Present link(Node node, Node newDir, FileName newName, Caller caller)
      throws ErrnoException {
    ReferenceNode file = live(node);
    Folder parent = forNewEntry(newDir, newName);
    if (file instanceof Folder) {
      throw new ErrnoException(Errno.EPERM, "a directory has one name");
    }
    if (file.links == 0) {
      throw new ErrnoException(Errno.ENOENT, "it has no name any more");
    }
    file.links++;
    file.changedSeconds = now();
    parent.put(newName, file, now());
    return referred(file);
  }

  @Override
  public synchronized Created create(
      Node dir, FileName name, OpenFlags flags, int permissions, Caller caller)
      throws ErrnoException {
    ReferenceNode there = folder(dir).children.get(name);
    if (there != null && flags.exclusive()) {
      throw new ErrnoException(Errno.EEXIST, name.toString());
    }
    if (there == null) {
      Folder parent = forNewEntry(dir, name);
      Entry.Present made = made(parent, name, new RegularFile(++lastInode), permissions, caller);
      return new Created(made, opened((RegularFile) made.node(), flags));
    }
    OpenFile open = openThere(there, flags);
    return new Created(referred(there), open);
  }

  @Override
  public synchronized void unlink(Node dir, FileName name, Caller caller) throws ErrnoException {
    Folder parent = folder(dir);
    if (parent.child(name) instanceof Folder) {
      throw new ErrnoException(Errno.EISDIR, name.toString());
    }
    parent.remove(name, now());
  }

  @Override
  public synchronized void rmdir(Node dir, FileName name, Caller caller) throws ErrnoException {
    Folder parent = folder(dir);
    parent.child(name).requireEmptyFolder();
    parent.remove(name, now());
  }

  @Override
  public synchronized void rename(
      Node dir, FileName name, Node newDir, FileName newName, RenameFlags flags, Caller caller)
      throws ErrnoException {
    new ReferenceRename(folder(dir), name, folder(newDir), newName).run(flags, now());
  }

  @Override
  public synchronized TargetBytes readlink(Node node, Caller caller) throws ErrnoException {
    if (live(node) instanceof Link link) {
      return link.target;
    }
    throw new ErrnoException(Errno.EINVAL, "not a symbolic link");
  }

  @Override
  public synchronized OpenFile open(Node node, OpenFlags flags, Caller caller)
      throws ErrnoException {
    return openThere(live(node), flags);
  }

  private OpenFile openThere(ReferenceNode node, OpenFlags flags) throws ErrnoException {
    RegularFile file = regular(node, node instanceof Link ? Errno.ELOOP : Errno.EINVAL);
    if (flags.truncate()) {
      truncate(file, 0);
    }
    return opened(file, flags);
  }

  @Override
  public synchronized Directory opendir(Node node, Caller caller) throws ErrnoException {
    Folder folder = folder(node);
    ledger.openedDirectory(folder);
    return new ReferenceDirectory(this, folder);
  }

  @Override
  public synchronized Fresh<Statistics> statfs(Caller caller) {
    Statistics statistics =
        new Statistics(
            BLOCK_BYTES, BLOCKS, BLOCKS, BLOCKS, BLOCKS, BLOCKS, FileName.MAX_BYTES, false);
    return new Fresh<>(statistics, trueUntil());
  }

  @Override
  public synchronized long copyFileRange(
      OpenFile from, long fromOffset, OpenFile to, long toOffset, long length, Caller caller)
      throws ErrnoException {
    return ((ReferenceOpenFile) from).copyTo((ReferenceOpenFile) to, fromOffset, toOffset, length);
  }

  @Override
  public void sync(Caller caller) {}

  @Override
  public synchronized void onChange(ChangeListener listener) {
    this.listener = listener;
  }

  /** Whom a binding told to listen; tests speak to it when they change things behind the kernel. */
  public synchronized @Nullable ChangeListener listener() {
    return listener;
  }

  @Override
  public void close() {}

  /** References that were counted and not yet given back. */
  public long references() {
    return ledger.references();
  }

  /** Open files that were not yet released. */
  public int openFiles() {
    return ledger.openFiles();
  }

  /** Fails when anything was used against the rules or not given back. */
  public void assertNothingLeft() {
    ledger.assertNothingLeft();
  }

  /** What was handed out, for the open files and directories that share it. */
  ReferenceLedger ledger() {
    return ledger;
  }

  long now() {
    return pace.epochSeconds();
  }

  Entry.Present present(ReferenceNode node) {
    return new Entry.Present(node, fresh(node), trueUntil());
  }

  private Entry.Present referred(ReferenceNode node) {
    ledger.refer(node);
    return present(node);
  }

  private OpenFile opened(RegularFile file, OpenFlags flags) {
    ledger.openedFile(file);
    return new ReferenceOpenFile(this, file, flags);
  }

  private Fresh<Attributes> fresh(ReferenceNode node) {
    return new Fresh<>(node.attributes(), trueUntil());
  }

  private long trueUntil() {
    return pace.nanoTime() + lifetimeNanos;
  }

  private ReferenceNode live(Node node) {
    return ledger.live((ReferenceNode) node);
  }

  private Folder folder(Node node) throws ErrnoException {
    if (live(node) instanceof Folder folder) {
      return folder;
    }
    throw new ErrnoException(Errno.ENOTDIR, "node " + node.inode());
  }

  private static RegularFile regular(ReferenceNode node, Errno otherwise) throws ErrnoException {
    if (node instanceof RegularFile file) {
      return file;
    }
    throw new ErrnoException(
        node instanceof Folder ? Errno.EISDIR : otherwise, "not a regular file");
  }

  private Folder forNewEntry(Node dir, FileName name) throws ErrnoException {
    Folder parent = folder(dir);
    if (parent.children.containsKey(name)) {
      throw new ErrnoException(Errno.EEXIST, name.toString());
    }
    if (parent.links == 0) {
      throw new ErrnoException(Errno.ENOENT, "the directory was removed");
    }
    return parent;
  }

  /** Gives a new node its owner, permissions and times, and its name. */
  private Entry.Present made(
      Folder parent, FileName name, ReferenceNode node, int permissions, Caller caller) {
    boolean inherits = (parent.permissions & SET_GROUP_ID) != 0;
    node.permissions = permissions & ~caller.umask() & Attributes.PERMISSION_BITS;
    if (inherits && node instanceof Folder) {
      node.permissions |= SET_GROUP_ID;
    }
    node.uid = caller.uid();
    node.gid = inherits ? parent.gid : caller.gid();
    node.modifiedAt(now());
    node.accessedSeconds = now();
    parent.put(name, node, now());
    return referred(node);
  }
}
