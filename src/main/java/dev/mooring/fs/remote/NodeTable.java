package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tree: all live nodes and what is known of names. One lock; nothing under it calls out. */
final class NodeTable {
  private final RemotePath rootPath;
  private final WriteBehind.Server server;
  private final RememberedOwners owners;
  private final RemoteNode root;

  @GuardedBy("this")
  private final LiveNodes live;

  @GuardedBy("this")
  private final KeptListings listings = new KeptListings(KeptListings.MAX_ENTRIES);

  NodeTable(
      RemoteSettings settings,
      WriteBehind.Server server,
      RememberedOwners owners,
      NodeBudget budget) {
    rootPath = settings.root();
    this.owners = owners;
    this.server = server;
    root = new RemoteNode(InodeNumbers.ROOT, FileType.DIRECTORY, server);
    root.place().beRoot();
    live = new LiveNodes(root, settings.lifetimes().idleNodes(), budget);
  }

  RemoteNode root() {
    return root;
  }

  /** Where a node is on the server at present. */
  synchronized RemotePath path(RemoteNode node) throws ErrnoException {
    if (node.top() != root) {
      throw new ErrnoException(Errno.ESTALE, node + " has no name any more");
    }
    return pathOf(node);
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
    return live.written();
  }

  @GuardedBy("this")
  private RemotePath pathOf(RemoteNode node) {
    RemotePath path = rootPath;
    for (FileName name : node.place().namesFromRoot()) {
      path = path.resolve(name.bytes());
    }
    return path;
  }

  @GuardedBy("this")
  private RemotePath below(RemoteNode dir, FileName name) {
    return pathOf(dir).resolve(name.bytes());
  }

  /** Where an entry of a directory is, or would be, on the server. */
  RemotePath path(RemoteNode dir, FileName name) throws ErrnoException {
    if (dir.type() != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ENOTDIR, dir.toString());
    }
    return path(dir).resolve(name.bytes());
  }

  /** How many directories are above it within the mount; 0 for the root. */
  synchronized int depth(RemoteNode node) {
    return node.place().namesFromRoot().size();
  }

  /** The directory that holds it; null for the root and for what has no name. */
  synchronized @Nullable RemoteNode parent(RemoteNode node) {
    return node.place().parent;
  }

  /** What is there under a name, referenced once more; null when memory does not say. */
  synchronized @Nullable RemoteNode child(RemoteNode dir, FileName name) {
    RemoteNode child = dir.place().children.get(name);
    return child == null ? null : live.hold(child);
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
    DirectoryListing listing = listings.of(dir);
    return listing == null || !showsNamesOfNow(dir, listing) ? null : listing;
  }

  /** Whether a listing, complete or not, was begun after all own changes of names. */
  synchronized boolean showsNamesOfNow(RemoteNode dir, DirectoryListing listing) {
    return dir.place().showsNamesOfNow(listing)
        && listing.asked().tick() >= dir.place().forgottenTick;
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
    return live.hold(node);
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
    live.add(node);
    link(node, dir, name);
    RememberedOwners.Wanted wanted = owners.isEmpty() ? null : owners.of(below(dir, name));
    if (wanted != null) {
      node.showOwner(wanted.uid(), wanted.gid());
    }
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
    forgetOwner(dir, name);
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
    if (known == null) {
      forgetOwner(dir, name);
    }
    RemoteNode node = settle(dir, name, known, type);
    node.place().nameAsked = asked;
    node.place().nameChangedTick = tick;
    dir.place().forgetAbsence(name);
    dir.place().namesChanged(tick);
    return live.hold(node);
  }

  @GuardedBy("this")
  private void forgetOwner(RemoteNode dir, FileName name) {
    if (!owners.isEmpty()) {
      owners.gone(below(dir, name));
    }
  }

  /** We removed a name; answers the node that had it. */
  synchronized @Nullable RemoteNode removed(RemoteNode dir, FileName name, Asked now) {
    RemoteNode known = dir.place().children.get(name);
    if (known != null) {
      detach(known);
    }
    forgetOwner(dir, name);
    dir.place().rememberAbsence(name, new NodePlace.Absence(now, now.tick()));
    dir.place().namesChanged(now.tick());
    return known;
  }

  /** We renamed an entry; whatever had the new name is gone. */
  synchronized void moved(
      RemoteNode dir, FileName name, RemoteNode newDir, FileName newName, Asked now) {
    if (!owners.isEmpty()) {
      owners.moved(below(dir, name), below(newDir, newName));
    }
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
    listings.drop(node);
    settleIdle(node);
  }

  /** The inode number that an entry has or would have. */
  synchronized long inodeOf(RemoteNode dir, FileName name) {
    RemoteNode known = dir.place().children.get(name);
    return known == null ? freeInode(dir, name) : known.inode();
  }

  @GuardedBy("this")
  private long freeInode(RemoteNode dir, FileName name) {
    long hash = InodeNumbers.seed();
    for (FileName part : dir.place().namesFromRoot()) {
      hash = InodeNumbers.below(hash, part);
    }
    return live.freeInode(InodeNumbers.below(hash, name));
  }

  /** One more reference. */
  synchronized RemoteNode hold(RemoteNode node) {
    return live.hold(node);
  }

  /** Gives references back. */
  synchronized void forget(RemoteNode node, long references) {
    if (node != root) {
      node.place().references = Math.max(0, node.place().references - references);
      settleIdle(node);
    }
  }

  /** An open file or directory more. */
  synchronized void opened(RemoteNode node) {
    live.opened(node);
  }

  /** An open file or directory less. */
  synchronized void closed(RemoteNode node) {
    node.place().opened(-1);
    settleIdle(node);
  }

  /** What nobody needs goes; a directory may be needed no more when what is below it has gone. */
  @GuardedBy("this")
  private void settleIdle(RemoteNode node) {
    RemoteNode overdue = live.settle(node);
    if (overdue != null) {
      forget(overdue);
    }
  }

  @GuardedBy("this")
  private void forget(RemoteNode idle) {
    RemoteNode dir = idle.place().parent;
    forgetKnowledge(idle);
    detach(idle);
    if (dir != null) {
      settleIdle(dir);
    }
  }

  /** Forgets all but so many of those that nobody uses; fewer if writes are on their way. */
  synchronized void forgetIdle(int kept) {
    for (RemoteNode idle = live.idleBeyond(kept); idle != null; idle = live.idleBeyond(kept)) {
      forget(idle);
    }
  }

  /** So many names, at most, that are held and not used, those that were known first. */
  synchronized List<LiveNodes.Held> heldForLongest(int count) {
    return live.heldForLongest(count);
  }

  /** The file system has ended. */
  synchronized void close() {
    live.close();
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
    return live.references();
  }

  /** How many nodes are alive, held or not, the root included. */
  synchronized int size() {
    return live.size();
  }
}
