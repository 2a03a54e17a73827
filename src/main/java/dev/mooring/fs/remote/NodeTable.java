package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All nodes that are alive, where they are, and what is known of names: the tree. Nodes that nobody
 * holds are kept for a while, up to a bound, for what is known of them. One lock; nothing under it
 * waits or calls out.
 */
final class NodeTable {
  /** How many nodes that nobody holds are kept. */
  private static final int MAX_IDLE = 10_000;

  private final RemotePath rootPath;
  private final WriteBehind.Server server;
  private final RemoteNode root;

  @GuardedBy("this")
  private final Map<Long, RemoteNode> byInode = new HashMap<>();

  @GuardedBy("this")
  private final LinkedHashSet<RemoteNode> idle = new LinkedHashSet<>();

  @GuardedBy("this")
  private final KeptListings listings = new KeptListings(KeptListings.MAX_ENTRIES);

  NodeTable(RemotePath rootPath, WriteBehind.Server server) {
    this.rootPath = rootPath;
    this.server = server;
    root = new RemoteNode(InodeNumbers.ROOT, FileType.DIRECTORY, server);
    root.place().beRoot();
    byInode.put(root.inode(), root);
  }

  RemoteNode root() {
    return root;
  }

  /** Where a node is on the server at present. */
  synchronized RemotePath path(RemoteNode node) throws ErrnoException {
    if (node.top() != root) {
      throw new ErrnoException(Errno.ESTALE, node + " has no name any more");
    }
    Deque<FileName> names = namesFromRoot(node);
    RemotePath path = rootPath;
    for (FileName name : names) {
      path = path.resolve(name.bytes());
    }
    return path;
  }

  /** Where a node is, or was when it had a name, in words. */
  synchronized String pathForPeople(RemoteNode node) {
    try {
      return path(node).toString();
    } catch (ErrnoException removed) {
      return node.place().name() + " (removed)";
    }
  }

  /** The nodes with writes on their way, and those with write errors that nobody knows of. */
  synchronized List<RemoteNode> written() {
    return byInode.values().stream()
        .filter(node -> node.writes().isBusy() || node.writes().errors().untoldBytes() > 0)
        .toList();
  }

  /** Where an entry of a directory is, or would be, on the server. */
  RemotePath path(RemoteNode dir, FileName name) throws ErrnoException {
    if (dir.type() != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ENOTDIR, dir.toString());
    }
    return path(dir).resolve(name.bytes());
  }

  @GuardedBy("this")
  private Deque<FileName> namesFromRoot(RemoteNode node) {
    Deque<FileName> names = new ArrayDeque<>();
    for (RemoteNode at = node; at.place().parent != null; at = at.place().parent) {
      FileName name = at.place().name();
      if (name != null) {
        names.addFirst(name);
      }
    }
    return names;
  }

  /** How many directories are above it within the mount; 0 for the root. */
  synchronized int depth(RemoteNode node) {
    return namesFromRoot(node).size();
  }

  /** The directory that holds it; null for the root and for what has no name. */
  synchronized @Nullable RemoteNode parent(RemoteNode node) {
    return node.place().parent;
  }

  /** What is there under a name, referenced once more; null when memory does not say. */
  synchronized @Nullable RemoteNode child(RemoteNode dir, FileName name) {
    return holding(dir.place().children.get(name));
  }

  /** When a name was last known to lead to its node. */
  synchronized Asked nameAsked(RemoteNode node) {
    return node.place().nameAsked;
  }

  /** What is known of the absence of a name. */
  synchronized NodePlace.@Nullable Absence absence(RemoteNode dir, FileName name) {
    return dir.place().absence(name);
  }

  /** The last complete listing of a directory, if no change below it has been forgotten since. */
  synchronized @Nullable DirectoryListing listing(RemoteNode dir) {
    DirectoryListing listing = listings.of(dir);
    return listing == null || listing.asked().tick() < dir.place().forgottenTick ? null : listing;
  }

  /** The same, if it also shows every name that we have made or removed. */
  synchronized @Nullable DirectoryListing snapshot(RemoteNode dir) {
    DirectoryListing listing = listing(dir);
    return listing == null || !dir.place().showsNamesOfNow(listing) ? null : listing;
  }

  /** Remembers a complete listing. */
  synchronized void listed(RemoteNode dir, DirectoryListing listing) {
    listings.keep(dir, listing);
  }

  /**
   * The server showed an entry: its node, referenced once more; null when a later own change of
   * that name makes the answer worthless.
   */
  synchronized @Nullable RemoteNode arrived(
      RemoteNode dir, FileName name, RemoteAttributes attributes, Asked asked) {
    NodePlace.Absence absence = dir.place().absence(name);
    RemoteNode known = dir.place().children.get(name);
    long changed =
        Math.max(
            absence == null ? 0 : absence.changedTick(),
            known == null ? 0 : known.place().nameChangedTick);
    if (!dir.isLinked() || asked.tick() < Math.max(changed, dir.place().forgottenTick)) {
      return null;
    }
    RemoteNode node = settle(dir, name, known, AttributeView.typeOf(attributes));
    if (node.place().nameAsked.tick() < asked.tick()) {
      node.place().nameAsked = asked;
    }
    dir.place().forgetAbsence(name);
    node.attributes().learn(attributes, asked);
    return holding(node);
  }

  /** Keeps the node of a name unless what is there now is of another type. */
  @GuardedBy("this")
  private RemoteNode settle(
      RemoteNode dir, FileName name, @Nullable RemoteNode known, FileType type) {
    if (known != null && known.type() == type) {
      return known;
    }
    if (known != null) {
      detach(known);
    }
    RemoteNode node = new RemoteNode(freeInode(dir, name), type, server);
    byInode.put(node.inode(), node);
    link(node, dir, name);
    return node;
  }

  /**
   * The server showed that there is nothing; false when a later own change makes that worthless.
   */
  synchronized boolean missing(RemoteNode dir, FileName name, Asked asked) {
    RemoteNode known = dir.place().children.get(name);
    NodePlace.Absence absence = dir.place().absence(name);
    if (asked.tick() < dir.place().forgottenTick
        || (absence != null && asked.tick() < absence.changedTick())
        || (known != null && asked.tick() < known.place().nameChangedTick)) {
      return false;
    }
    if (known != null) {
      detach(known);
    }
    long changed = absence == null ? 0 : absence.changedTick();
    if (absence == null || absence.asked().tick() < asked.tick()) {
      dir.place().rememberAbsence(name, new NodePlace.Absence(asked, changed));
    }
    return true;
  }

  /**
   * We made something under that name: its node, referenced once. What was known under it before is
   * gone; what another call has seen there since then is what we made.
   *
   * @param asked before the request was sent
   */
  synchronized RemoteNode created(
      RemoteNode dir, FileName name, FileType type, Asked asked, long tick) {
    RemoteNode known = dir.place().children.get(name);
    if (known != null && known.place().nameAsked.tick() < asked.tick()) {
      detach(known);
      known = null;
    }
    RemoteNode node = settle(dir, name, known, type);
    node.place().nameAsked = asked;
    node.place().nameChangedTick = tick;
    dir.place().forgetAbsence(name);
    dir.place().namesChanged(tick);
    return require(holding(node));
  }

  /** We removed a name; answers the node that had it. */
  synchronized @Nullable RemoteNode removed(RemoteNode dir, FileName name, Asked now) {
    RemoteNode known = dir.place().children.get(name);
    if (known != null) {
      detach(known);
    }
    dir.place().rememberAbsence(name, new NodePlace.Absence(now, now.tick()));
    dir.place().namesChanged(now.tick());
    return known;
  }

  /** We renamed an entry; whatever had the new name is gone. */
  synchronized void moved(
      RemoteNode dir, FileName name, RemoteNode newDir, FileName newName, Asked now) {
    RemoteNode moving = dir.place().children.get(name);
    RemoteNode replaced = newDir.place().children.get(newName);
    if (replaced != null && replaced != moving) {
      detach(replaced);
    }
    dir.place().rememberAbsence(name, new NodePlace.Absence(now, now.tick()));
    if (moving == null) {
      newDir.place().rememberAbsence(newName, new NodePlace.Absence(new Asked(0, 0), now.tick()));
    } else {
      dir.place().children.remove(name);
      link(moving, newDir, newName);
      moving.place().nameAsked = now;
      moving.place().nameChangedTick = now.tick();
      newDir.place().forgetAbsence(newName);
    }
    dir.place().namesChanged(now.tick());
    newDir.place().namesChanged(now.tick());
  }

  /** What became of a name is not known: nothing that was known of it is believed. */
  synchronized void doubt(RemoteNode dir, FileName name, Asked now) {
    RemoteNode known = dir.place().children.get(name);
    if (known == null) {
      dir.place().rememberAbsence(name, new NodePlace.Absence(new Asked(0, 0), now.tick()));
    } else {
      known.place().nameAsked = new Asked(0, 0);
      known.place().nameChangedTick = now.tick();
      known.attributes().invalidate(now.tick());
    }
    dir.place().namesChanged(now.tick());
    dir.attributes().invalidate(now.tick());
  }

  @GuardedBy("this")
  private void link(RemoteNode node, RemoteNode dir, FileName name) {
    node.place().linkTo(dir, name);
    dir.place().children.put(name, node);
  }

  /** Takes a node's name away; it lives on while it is referenced or open. */
  @GuardedBy("this")
  private void detach(RemoteNode node) {
    RemoteNode dir = node.place().parent;
    FileName name = node.place().name();
    if (dir != null && name != null) {
      dir.place().children.remove(name, node);
      dir.place().forgottenTick =
          Math.max(dir.place().forgottenTick, node.attributes().changedTick());
    }
    node.place().unlink();
    evictIfIdle(node);
  }

  /** The inode number that an entry has or would have. */
  synchronized long inodeOf(RemoteNode dir, FileName name) {
    RemoteNode known = dir.place().children.get(name);
    return known == null ? freeInode(dir, name) : known.inode();
  }

  @GuardedBy("this")
  private long freeInode(RemoteNode dir, FileName name) {
    long hash = InodeNumbers.seed();
    for (FileName part : namesFromRoot(dir)) {
      hash = InodeNumbers.below(hash, part);
    }
    hash = InodeNumbers.below(hash, name);
    int attempt = 0;
    while (byInode.containsKey(InodeNumbers.number(hash, attempt))) {
      attempt++;
    }
    return InodeNumbers.number(hash, attempt);
  }

  @GuardedBy("this")
  private @Nullable RemoteNode holding(@Nullable RemoteNode node) {
    if (node != null && node != root) {
      node.place().references++;
      idle.remove(node);
    }
    return node;
  }

  /** One more reference. */
  synchronized RemoteNode hold(RemoteNode node) {
    return require(holding(node));
  }

  private static RemoteNode require(@Nullable RemoteNode node) {
    return Objects.requireNonNull(node);
  }

  /** Gives references back. */
  synchronized void forget(RemoteNode node, long references) {
    if (node != root) {
      node.place().references = Math.max(0, node.place().references - references);
      evictIfIdle(node);
    }
  }

  /** An open file or directory more, or one less. */
  synchronized void opened(RemoteNode node, int more) {
    node.place().opened(more);
    if (more > 0) {
      idle.remove(node);
    } else {
      evictIfIdle(node);
    }
  }

  @GuardedBy("this")
  private void evictIfIdle(RemoteNode node) {
    if (node == root || !node.place().isIdle()) {
      return;
    }
    if (!node.isLinked() && !node.writes().isBusy()) {
      idle.remove(node);
      byInode.remove(node.inode(), node);
      return;
    }
    idle.add(node);
    if (idle.size() > MAX_IDLE) {
      evictOldest();
    }
  }

  /** Lets the node go that has been idle longest; one with writes on their way gets more time. */
  @GuardedBy("this")
  private void evictOldest() {
    RemoteNode oldest = idle.removeFirst();
    if (oldest.writes().isBusy()) {
      idle.addLast(oldest);
      return;
    }
    RemoteNode dir = oldest.place().parent;
    forgetKnowledge(oldest);
    detach(oldest);
    if (dir != null) {
      evictIfIdle(dir);
    }
  }

  /** A listing from before this node's last own change must not speak for it again. */
  @GuardedBy("this")
  private void forgetKnowledge(RemoteNode node) {
    RemoteNode dir = node.place().parent;
    if (dir != null) {
      dir.place().forgottenTick = Math.max(dir.place().forgottenTick, node.place().nameChangedTick);
    }
  }

  /** How many references are held: 0 when the kernel has forgotten everything. */
  synchronized long references() {
    return byInode.values().stream().mapToLong(node -> node.place().references).sum();
  }

  /** How many nodes are alive, held or not, the root included. */
  synchronized int size() {
    return byInode.size();
  }
}
