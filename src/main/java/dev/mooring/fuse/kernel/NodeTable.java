package dev.mooring.fuse.kernel;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fuse.kernel.protocol.RequestHeader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which node a node id means, and how many references the kernel holds of each: exactly as many as
 * the file system counts. A node id is never used for a second node. Thread-safe.
 */
final class NodeTable {
  private static final class Known {
    final long id;
    final Node node;
    long references;

    Known(long id, Node node) {
      this.id = id;
      this.node = node;
    }
  }

  private final FileSystem fileSystem;
  private final Node root;
  private final AtomicLong lastId = new AtomicLong(RequestHeader.ROOT);
  private final ConcurrentHashMap<Long, Known> byId = new ConcurrentHashMap<>();

  /** Guards the counts: they change only inside {@code compute} of their node. */
  private final ConcurrentHashMap<Node, Known> byNode = new ConcurrentHashMap<>();

  NodeTable(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.root = fileSystem.root();
  }

  /** The node, or ESTALE when the kernel has given back all of its references. */
  Node get(long id) throws ErrnoException {
    if (id == RequestHeader.ROOT) {
      return root;
    }
    Known known = byId.get(id);
    if (known == null) {
      throw new ErrnoException(Errno.ESTALE, "node id " + id);
    }
    return known.node;
  }

  /** Counts a reference that the file system has counted, and answers the node's id. */
  long refer(Node node) {
    if (node == root) {
      return RequestHeader.ROOT;
    }
    Known known =
        byNode.compute(
            node,
            (_, before) -> {
              Known now = before == null ? added(node) : before;
              now.references++;
              return now;
            });
    return known.id;
  }

  private Known added(Node node) {
    Known known = new Known(lastId.incrementAndGet(), node);
    byId.put(known.id, known);
    return known;
  }

  /** Gives references back, here and to the file system; never more than there are. */
  void forget(long id, long references) {
    Known known = byId.get(id);
    if (known == null || references <= 0) {
      return;
    }
    long[] given = new long[1];
    byNode.computeIfPresent(
        known.node,
        (_, now) -> {
          if (now != known) {
            return now;
          }
          given[0] = Math.min(references, now.references);
          now.references -= given[0];
          if (now.references > 0) {
            return now;
          }
          byId.remove(id);
          return null;
        });
    if (given[0] > 0) {
      fileSystem.forget(known.node, given[0]);
    }
  }

  /** The id by which the kernel knows a node; null when it does not. */
  @Nullable Long idOf(Node node) {
    if (node == root) {
      return RequestHeader.ROOT;
    }
    Known known = byNode.get(node);
    return known == null ? null : known.id;
  }

  /** Gives all references back: the kernel is gone. */
  void forgetAll() {
    byId.keySet().forEach(id -> forget(id, Long.MAX_VALUE));
  }

  /** How many nodes the kernel knows, the root not counted. */
  int size() {
    return byId.size();
  }
}
