package dev.mooring.testing;

import dev.mooring.fs.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what the {@link ReferenceFileSystem} hands out and gets back, and remembers every use that
 * the waist forbids. Thread-safe.
 */
final class ReferenceLedger {
  private final ReferenceNode root;
  private final List<String> violations = new ArrayList<>();
  private long references;
  private int openFiles;
  private int openDirectories;
  private int leases;

  /** The root is always there and counts nothing. */
  ReferenceLedger(ReferenceNode root) {
    this.root = root;
  }

  /** Remembers that a rule was broken; the caller of this throws what it returns. */
  synchronized AssertionError violated(String rule) {
    violations.add(rule);
    return new AssertionError(rule);
  }

  /** The node, if it may be used. */
  synchronized ReferenceNode live(ReferenceNode node) {
    if (node != root && node.references == 0 && node.opens == 0) {
      throw violated("node %d used after it was forgotten".formatted(node.inode()));
    }
    return node;
  }

  synchronized void refer(ReferenceNode node) {
    if (node != root) {
      node.references++;
      references++;
    }
  }

  synchronized void forget(ReferenceNode node, long count) {
    if (count < 0 || count > node.references) {
      throw violated(
          "node %d has %d references, not %d".formatted(node.inode(), node.references, count));
    }
    node.references -= count;
    references -= count;
  }

  synchronized void openedFile(ReferenceNode node) {
    node.opens++;
    openFiles++;
  }

  synchronized void releasedFile(ReferenceNode node) {
    node.opens--;
    openFiles--;
  }

  synchronized void openedDirectory(ReferenceNode node) {
    node.opens++;
    openDirectories++;
  }

  synchronized void releasedDirectory(ReferenceNode node) {
    node.opens--;
    openDirectories--;
  }

  synchronized Lease lend(ByteBuffer bytes) {
    leases++;
    return new LentBytes(bytes);
  }

  synchronized long references() {
    return references;
  }

  synchronized int openFiles() {
    return openFiles;
  }

  synchronized void assertNothingLeft() {
    if (!violations.isEmpty() || references + openFiles + openDirectories + leases != 0) {
      throw new AssertionError(
          "references %d, open files %d, open directories %d, leases %d, violations %s"
              .formatted(references, openFiles, openDirectories, leases, violations));
    }
  }

  /** Bytes that were lent, overwritten when they are given back so that nobody goes on reading. */
  private final class LentBytes implements Lease {
    private static final byte POISON = (byte) 0xdd;

    private final ByteBuffer bytes;
    private boolean closed;

    LentBytes(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public List<ByteBuffer> slices() {
      return List.of(bytes.duplicate());
    }

    @Override
    public int length() {
      return bytes.remaining();
    }

    @Override
    public void close() {
      synchronized (ReferenceLedger.this) {
        if (closed) {
          throw violated("a lease closed twice");
        }
        closed = true;
        while (bytes.hasRemaining()) {
          bytes.put(POISON);
        }
        leases--;
      }
    }
  }
}
