package dev.mooring.fs.remote;

import dev.mooring.fs.FileName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is, who holds it, and what is known of the names below it. All but the volatile
 * fields are read and written under the lock of the {@link NodeTable} only.
 */
final class NodePlace {
  /** How many absent names one directory remembers. */
  private static final int MAX_ABSENT = 1024;

  /** That a name led nowhere, by whose knowledge. */
  record Absence(Asked asked, long changedTick) {}

  @Nullable RemoteNode parent;
  private volatile @Nullable FileName name;
  private volatile boolean linked;
  private final AtomicInteger opens = new AtomicInteger();
  long references;
  Asked nameAsked = new Asked(0, 0);
  long nameChangedTick;

  final Map<FileName, RemoteNode> children = new HashMap<>();
  private final LinkedHashMap<FileName, Absence> absent = new LinkedHashMap<>();

  /** When we last made or removed a name below: a listing begun before may lack it. */
  private long namesChangedTick;

  /** Changes below that are not remembered one by one any more ended at this tick or before. */
  long forgottenTick;

  void namesChanged(long tick) {
    namesChangedTick = Math.max(namesChangedTick, tick);
  }

  boolean showsNamesOfNow(DirectoryListing complete) {
    return complete.asked().tick() >= namesChangedTick;
  }

  @Nullable FileName name() {
    return name;
  }

  /** The names that lead to it from the root, or from what has no name any more. */
  Deque<FileName> namesFromRoot() {
    Deque<FileName> names = new ArrayDeque<>();
    for (NodePlace at = this; at.parent != null; at = at.parent.place()) {
      if (at.name != null) {
        names.addFirst(at.name);
      }
    }
    return names;
  }

  boolean isLinked() {
    return linked;
  }

  boolean isOpen() {
    return opens.get() > 0;
  }

  void opened(int more) {
    opens.addAndGet(more);
  }

  /** Makes it the root. */
  void beRoot() {
    linked = true;
  }

  void linkTo(RemoteNode newParent, FileName newName) {
    parent = newParent;
    name = newName;
    linked = true;
  }

  void unlink() {
    parent = null;
    linked = false;
  }

  @Nullable Absence absence(FileName child) {
    return absent.get(child);
  }

  void forgetAbsence(FileName child) {
    absent.remove(child);
  }

  void rememberAbsence(FileName child, Absence absence) {
    absent.remove(child);
    absent.put(child, absence);
    if (absent.size() > MAX_ABSENT) {
      Absence oldest = absent.pollFirstEntry().getValue();
      forgottenTick = Math.max(forgottenTick, oldest.changedTick());
    }
  }

  boolean isIdle() {
    return references == 0 && !isOpen() && children.isEmpty();
  }
}
