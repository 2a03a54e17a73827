package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.EntrySink;
import dev.mooring.fs.FileName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of the {@link ReferenceFileSystem}: a snapshot, a cookie being the index of the
 * next entry. What has left the directory since is not offered any more.
 */
final class ReferenceDirectory implements Directory {
  private final ReferenceFileSystem fileSystem;
  private final ReferenceNode.Folder folder;
  private @Nullable List<Map.Entry<FileName, ReferenceNode>> snapshot;
  private boolean released;

  ReferenceDirectory(ReferenceFileSystem fileSystem, ReferenceNode.Folder folder) {
    this.fileSystem = fileSystem;
    this.folder = folder;
  }

  @Override
  public void read(long cookie, boolean plus, EntrySink sink, Caller caller) {
    synchronized (fileSystem) {
      requireOpen();
      List<Map.Entry<FileName, ReferenceNode>> entries = snapshot;
      if (cookie == 0 || entries == null) {
        entries = folder.children.entrySet().stream().map(Map.Entry::copyOf).toList();
        snapshot = entries;
      }
      for (int i = Math.clamp(cookie, 0, entries.size()); i < entries.size(); i++) {
        FileName name = entries.get(i).getKey();
        ReferenceNode node = entries.get(i).getValue();
        if (folder.children.get(name) == node && !offer(name, node, i + 1, plus, sink)) {
          return;
        }
      }
    }
  }

  private boolean offer(
      FileName name, ReferenceNode node, int nextCookie, boolean plus, EntrySink sink) {
    Entry.@Nullable Present entry = plus ? fileSystem.present(node) : null;
    if (!sink.accept(name, node.inode(), node.type(), nextCookie, entry)) {
      return false;
    }
    if (plus) {
      fileSystem.ledger().refer(node);
    }
    return true;
  }

  @Override
  public void release() {
    synchronized (fileSystem) {
      requireOpen();
      released = true;
      fileSystem.ledger().releasedDirectory(folder);
    }
  }

  private void requireOpen() {
    if (released) {
      throw fileSystem
          .ledger()
          .violated("an open directory of node " + folder.inode() + " after release");
    }
  }
}
