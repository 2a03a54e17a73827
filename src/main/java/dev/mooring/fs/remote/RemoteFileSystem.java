package dev.mooring.fs.remote;

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
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Pace;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.SftpClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of an SFTP server as a POSIX file system. This class only hands each call to the part
 * that knows it.
 */
public final class RemoteFileSystem implements FileSystem {
  private final Shared shared;
  private final BufferPool pool;
  private final Forgetting forgetting;
  private final NodeAttributes attributes;
  private final ListedEntries entries;
  private final Walks walks;
  private final SmallFiles files;
  private final Lookups lookups;
  private final AttributeSetting setting;
  private final Making making;
  private final Removing removing;
  private final Opens opens;
  private final LinkReading links;
  private final StatisticsCache statistics;
  private final Copying copying;
  private final Syncing syncing;

  /** Serves the root that the settings name; the client stays the caller's to close. */
  public RemoteFileSystem(SftpClient client, Pace pace, RemoteSettings settings) {
    this(client, pace, settings, RememberedOwners.NONE);
  }

  /** The same, which remembers owners that the server refuses. */
  public RemoteFileSystem(
      SftpClient client, Pace pace, RemoteSettings settings, RememberedOwners owners) {
    this(client, pace, settings, owners, new Share());
  }

  /** The same, beside others that have a share in the same memory. */
  public RemoteFileSystem(
      SftpClient client, Pace pace, RemoteSettings settings, RememberedOwners owners, Share share) {
    pool = new BufferPool(settings.transfer().poolBytes(), share.memory());
    shared = Shared.of(client, pace, settings, owners, pool, share.nodes());
    forgetting = new Forgetting(shared.table(), shared.listener());
    shared.nodes().join(forgetting);
    FirstAttributes first = new FirstAttributes(shared.ticks(), settings.owners());
    attributes = new NodeAttributes(shared);
    entries = new ListedEntries(shared, attributes);
    Allowance allowance = new Allowance(client);
    walks = new Walks(shared, entries, allowance);
    files = new SmallFiles(shared, attributes, entries, walks, allowance);
    lookups = new Lookups(shared, attributes, entries, walks);
    Attempts attempts = new Attempts(shared, attributes);
    setting = new AttributeSetting(shared, attributes);
    OwnLinks ownLinks = new OwnLinks();
    making = new Making(shared, attempts, lookups, first, ownLinks);
    removing = new Removing(shared, attempts);
    opens = new Opens(shared, attributes, attempts, lookups, first, files);
    links = new LinkReading(shared, ownLinks);
    statistics = new StatisticsCache(shared);
    copying = new Copying(shared);
    syncing = new Syncing(shared);
  }

  /** The memory that all mounts of a process share. */
  public record Share(NativeMemory memory, NodeBudget nodes) {
    /** That of a process with one mount. */
    public Share() {
      this(new NativeMemory(NativeMemory.SHARED_BYTES), new NodeBudget(NodeBudget.MOST));
    }
  }

  /**
   * What has happened so far.
   *
   * @param openFiles open file descriptions at this moment
   * @param bytesRead what readers were given
   * @param bytesWritten what writers gave
   * @param remembered names and attributes that were answered from memory
   * @param asked those for which the server was asked
   */
  public record Activity(
      long openFiles, long bytesRead, long bytesWritten, long remembered, long asked) {}

  /** What has happened so far. Answers from memory. */
  public Activity activity() {
    return shared.counters().now();
  }

  private static RemoteNode ours(Node node) {
    return (RemoteNode) node;
  }

  private static @Nullable RemoteFile ours(@Nullable OpenFile file) {
    return (RemoteFile) file;
  }

  @Override
  public Node root() {
    return shared.table().root();
  }

  @Override
  public Entry lookup(Node dir, FileName name, Caller caller) throws ErrnoException {
    return lookups.lookup(ours(dir), name, caller);
  }

  @Override
  public void forget(Node node, long references) {
    shared.table().forget(ours(node), references);
  }

  @Override
  public Fresh<Attributes> getattr(Node node, @Nullable OpenFile file, Caller caller)
      throws ErrnoException {
    RemoteFile open = ours(file);
    return attributes.current(ours(node), open == null ? null : open.serverFile(), caller);
  }

  @Override
  public Fresh<Attributes> setattr(
      Node node, @Nullable OpenFile file, AttributeChange change, Caller caller)
      throws ErrnoException {
    return setting.setattr(ours(node), ours(file), change, caller);
  }

  @Override
  public Entry.Present mkdir(Node dir, FileName name, int permissions, Caller caller)
      throws ErrnoException {
    return making.mkdir(ours(dir), name, permissions, caller);
  }

  @Override
  public Entry.Present mknod(Node dir, FileName name, FileType type, int permissions, Caller caller)
      throws ErrnoException {
    return making.mknod(ours(dir), name, type, permissions, caller);
  }

  @Override
  public Entry.Present symlink(Node dir, FileName name, TargetBytes target, Caller caller)
      throws ErrnoException {
    return making.symlink(ours(dir), name, target, caller);
  }

  @Override
  public Entry.Present link(Node node, Node newDir, FileName newName, Caller caller)
      throws ErrnoException {
    return making.link(ours(node), ours(newDir), newName, caller);
  }

  @Override
  public Created create(Node dir, FileName name, OpenFlags flags, int permissions, Caller caller)
      throws ErrnoException {
    return opens.create(ours(dir), name, flags, permissions, caller);
  }

  @Override
  public void unlink(Node dir, FileName name, Caller caller) throws ErrnoException {
    removing.unlink(ours(dir), name, caller);
  }

  @Override
  public void rmdir(Node dir, FileName name, Caller caller) throws ErrnoException {
    removing.rmdir(ours(dir), name, caller);
  }

  @Override
  public void rename(
      Node dir, FileName name, Node newDir, FileName newName, RenameFlags flags, Caller caller)
      throws ErrnoException {
    removing.rename(ours(dir), name, ours(newDir), newName, flags, caller);
  }

  @Override
  public TargetBytes readlink(Node node, Caller caller) throws ErrnoException {
    return links.readlink(ours(node), caller);
  }

  @Override
  public OpenFile open(Node node, OpenFlags flags, Caller caller) throws ErrnoException {
    return opens.open(ours(node), flags, caller);
  }

  @Override
  public Directory opendir(Node node, Caller caller) throws ErrnoException {
    RemoteNode dir = ours(node);
    if (dir.type() != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ENOTDIR, dir.toString());
    }
    return new RemoteDirectory(shared, entries, walks, dir);
  }

  @Override
  public Fresh<Statistics> statfs(Caller caller) throws ErrnoException {
    return statistics.statfs(caller);
  }

  @Override
  public long copyFileRange(
      OpenFile from, long fromOffset, OpenFile to, long toOffset, long length, Caller caller)
      throws ErrnoException {
    return copying.copy((RemoteFile) from, fromOffset, (RemoteFile) to, toOffset, length, caller);
  }

  @Override
  public void sync(Caller caller) throws ErrnoException {
    syncing.sync(caller);
  }

  /**
   * Bytes of one file that were taken in and that the server has not acknowledged, or has refused
   * without anybody having been told.
   *
   * @param path where the file is on the server, for people
   */
  public record Unwritten(String path, long bytes) {}

  /** All files that have such bytes. Answers from memory. */
  public List<Unwritten> unwritten() {
    return syncing.unwritten();
  }

  @Override
  public void onChange(ChangeListener listener) {
    shared.listener().set(listener);
  }

  /** How many references are held: 0 when the kernel has forgotten everything. */
  public long references() {
    return shared.table().references();
  }

  @Override
  public void close() {
    files.close();
    shared.owners().flush();
    pool.close();
    shared.nodes().leave(forgetting);
    shared.table().close();
  }
}
