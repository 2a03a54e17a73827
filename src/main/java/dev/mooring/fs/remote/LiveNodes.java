package dev.mooring.fs.remote;

import dev.mooring.fs.FileName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that are alive: those that somebody holds or has open, those that have nodes below
 * them, and up to a bound those that nobody holds, for what is known of them. For one thread at a
 * time: the lock of the {@link NodeTable}.
 */
final class LiveNodes {
  /** A name that the kernel holds on to. */
  record Held(RemoteNode dir, FileName name) {}

  /** How many are looked at, for each that is looked for. */
  private static final int MOST_SEEN = 8;

  private final RemoteNode root;
  private final int maxIdle;
  private final NodeBudget budget;

  /** In the order in which they came to be, or were last asked to be let go of. */
  private final SequencedMap<Long, RemoteNode> byInode = new LinkedHashMap<>();

  private final LinkedHashSet<RemoteNode> idle = new LinkedHashSet<>();

  /**
   * The root alone.
   *
   * @param maxIdle how many nodes that nobody holds are kept
   */
  LiveNodes(RemoteNode root, int maxIdle, NodeBudget budget) {
    this.root = root;
    this.maxIdle = maxIdle;
    this.budget = budget;
    add(root);
  }

  void add(RemoteNode node) {
    byInode.put(node.inode(), node);
    budget.added();
  }

  /** A number for the path of this hash that no live node has. */
  long freeInode(long pathHash) {
    int attempt = 0;
    while (byInode.containsKey(InodeNumbers.number(pathHash, attempt))) {
      attempt++;
    }
    return InodeNumbers.number(pathHash, attempt);
  }

  /** One more reference; none to the root, which stays anyway. */
  RemoteNode hold(RemoteNode node) {
    if (node != root) {
      node.place().references++;
      idle.remove(node);
    }
    return node;
  }

  /** An open file or directory more. */
  void opened(RemoteNode node) {
    node.place().opened(1);
    idle.remove(node);
  }

  /**
   * Somebody let go of a node, or its name went: keeps it while there is a reason to.
   *
   * @return the node that must lose its name now, for too many are kept; mostly null
   */
  @Nullable RemoteNode settle(RemoteNode node) {
    if (node == root || !node.place().isIdle()) {
      return null;
    }
    if (!node.isLinked() && !node.isBusy()) {
      idle.remove(node);
      if (byInode.remove(node.inode(), node)) {
        budget.removed(1);
      }
      return null;
    }
    idle.add(node);
    return idle.size() > maxIdle ? oldest() : null;
  }

  /** The oldest that nobody holds, if there are more than {@code kept} of them. */
  @Nullable RemoteNode idleBeyond(int kept) {
    return idle.size() > kept ? oldest() : null;
  }

  /**
   * So many, at most, of those that are held but neither open nor above others, the oldest first.
   * They count as the newest from then on.
   */
  List<Held> heldForLongest(int count) {
    List<Held> found = new ArrayList<>();
    List<RemoteNode> seen = new ArrayList<>();
    for (RemoteNode node : byInode.values()) {
      if (found.size() == count || seen.size() == MOST_SEEN * count) {
        break;
      }
      seen.add(node);
      RemoteNode dir = node.place().parent;
      FileName name = node.place().name();
      if (dir != null && name != null && isHeldOnly(node)) {
        found.add(new Held(dir, name));
      }
    }
    seen.forEach(node -> byInode.putLast(node.inode(), node));
    return found;
  }

  private static boolean isHeldOnly(RemoteNode node) {
    return node.place().references > 0
        && node.place().children.isEmpty()
        && !node.isOpen()
        && !node.writes().isBusy();
  }

  /** The file system has ended: what is still there counts no more. */
  void close() {
    budget.removed(byInode.size());
    byInode.clear();
    idle.clear();
  }

  /** The node that has been idle longest; one with writes on their way gets more time. */
  private @Nullable RemoteNode oldest() {
    RemoteNode oldest = idle.removeFirst();
    if (oldest.isBusy()) {
      idle.addLast(oldest);
      return null;
    }
    return oldest;
  }

  /** Those with writes on their way, and those with write errors that nobody knows of. */
  List<RemoteNode> written() {
    return byInode.values().stream()
        .filter(node -> node.isBusy() || node.untoldBytes() > 0)
        .toList();
  }

  long references() {
    return byInode.values().stream().mapToLong(node -> node.place().references).sum();
  }

  int size() {
    return byInode.size();
  }
}
