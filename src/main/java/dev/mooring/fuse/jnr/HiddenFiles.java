package dev.mooring.fuse.jnr;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fuse.jnr.Paths.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files that lost their name while they were open.
 *
 * <p>libfuse 2 knows files by path only, so it renames what is unlinked while open to {@code
 * .fuse_hidden...} in the same directory and unlinks it at the last close. Here such a file is
 * unlinked at once; only the name that libfuse goes on using for it is kept, with a reference to
 * its node. So nobody sees a hidden file, none is left behind, and fstat(2) works. The names are
 * unique within a mount; the directory before them changes with renames and does not matter.
 *
 * <p>Thread-safe.
 */
final class HiddenFiles {
  private static final String PREFIX = ".fuse_hidden";

  private final FileSystem fileSystem;
  private final Map<String, Hidden> files = new HashMap<>();

  /** One file; the reference is given back when the table and all users have let go of it. */
  private static final class Hidden {
    final Node node;
    int users = 1;

    Hidden(Node node) {
      this.node = node;
    }
  }

  HiddenFiles(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** Whether libfuse may have made this name. */
  static boolean isHiddenName(String name) {
    return name.startsWith(PREFIX);
  }

  /** Keeps a node under the name that libfuse goes on using; takes over one reference to it. */
  synchronized void keep(String name, Node node) {
    files.put(name, new Hidden(node));
  }

  /** What is hidden under a name; null when nothing is. */
  synchronized @Nullable Found find(String name) {
    Hidden file = isHiddenName(name) ? files.get(name) : null;
    if (file == null) {
      return null;
    }
    file.users++;
    return new Found(file.node, null, () -> letGo(file));
  }

  /** Drops a name, as its last descriptor is closed; false when nothing is hidden under it. */
  synchronized boolean drop(String name) {
    Hidden file = files.remove(name);
    if (file != null) {
      letGo(file);
    }
    return file != null;
  }

  /** Drops all. */
  synchronized void clear() {
    List<Hidden> all = new ArrayList<>(files.values());
    files.clear();
    all.forEach(this::letGo);
  }

  private synchronized void letGo(Hidden file) {
    file.users--;
    if (file.users == 0) {
      fileSystem.forget(file.node, 1);
    }
  }
}
