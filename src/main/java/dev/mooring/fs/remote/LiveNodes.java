package dev.mooring.fs.remote;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that are alive: those that somebody holds or has open, those that have nodes below
 * them, and up to a bound those that nobody holds, for what is known of them. For one thread at a
 * time: the lock of the {@link NodeTable}.
 */
final class LiveNodes {
  private final RemoteNode root;
  private final int maxIdle;
  private final Map<Long, RemoteNode> byInode = new HashMap<>();
  private final LinkedHashSet<RemoteNode> idle = new LinkedHashSet<>();

  /**
   * The root alone.
   *
   * @param maxIdle how many nodes that nobody holds are kept
   */
  LiveNodes(RemoteNode root, int maxIdle) {
    this.root = root;
    this.maxIdle = maxIdle;
    add(root);
  }

  void add(RemoteNode node) {
    byInode.put(node.inode(), node);
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
    if (!node.isLinked() && !node.writes().isBusy()) {
      idle.remove(node);
      byInode.remove(node.inode(), node);
      return null;
    }
    idle.add(node);
    return idle.size() > maxIdle ? oldest() : null;
  }

  /** The node that has been idle longest; one with writes on their way gets more time. */
  private @Nullable RemoteNode oldest() {
    RemoteNode oldest = idle.removeFirst();
    if (oldest.writes().isBusy()) {
      idle.addLast(oldest);
      return null;
    }
    return oldest;
  }

  /** Those with writes on their way, and those with write errors that nobody knows of. */
  List<RemoteNode> written() {
    return byInode.values().stream()
        .filter(node -> node.writes().isBusy() || node.writes().errors().untoldBytes() > 0)
        .toList();
  }

  long references() {
    return byInode.values().stream().mapToLong(node -> node.place().references).sum();
  }

  int size() {
    return byInode.size();
  }
}
