package dev.mooring.simulation;

import dev.mooring.contract.Posix;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** All that is in a file system, a line for each path. */
final class Tree {
  private static final int ALL = 1 << 20;

  private Tree() {}

  /**
   * Walks it.
   *
   * @param vague files whose size, times and content are not looked at, by their paths
   */
  static Map<String, String> of(Posix posix, Set<String> vague) throws ErrnoException {
    return of(posix, vague, _ -> true);
  }

  /** Walks it, leaving out other names than these. */
  static Map<String, String> of(Posix posix, Set<String> vague, Predicate<String> names)
      throws ErrnoException {
    Map<String, String> lines = new TreeMap<>();
    add(posix, "", vague, names, lines);
    return lines;
  }

  private static void add(
      Posix posix,
      String path,
      Set<String> vague,
      Predicate<String> names,
      Map<String, String> lines)
      throws ErrnoException {
    Attributes attributes = posix.lstat(path);
    String shown = Contents.shown(attributes);
    switch (attributes.type()) {
      case DIRECTORY -> {
        lines.put(path, shown);
        for (String name : posix.readdir(path)) {
          if (names.test(name)) {
            add(posix, path.isEmpty() ? name : path + "/" + name, vague, names, lines);
          }
        }
      }
      case SYMLINK -> lines.put(path, shown + " to " + posix.readlink(path));
      case REGULAR ->
          lines.put(path, vague.contains(path) ? "REGULAR" : shown + content(posix, path));
      default -> lines.put(path, shown);
    }
  }

  private static String content(Posix posix, String path) throws ErrnoException {
    int file = posix.open(path, 0, Posix.Flag.READ);
    try {
      return " " + Contents.shown(posix.pread(file, ALL, 0));
    } finally {
      posix.close(file);
    }
  }

  /** The paths of these inodes. */
  static Set<String> pathsOf(Posix posix, Set<Long> inodes) throws ErrnoException {
    Set<String> paths = new TreeSet<>();
    if (!inodes.isEmpty()) {
      addPaths(posix, "", inodes, paths);
    }
    return paths;
  }

  private static void addPaths(Posix posix, String path, Set<Long> inodes, Set<String> paths)
      throws ErrnoException {
    Attributes attributes = posix.lstat(path);
    if (inodes.contains(attributes.inode())) {
      paths.add(path);
    }
    if (attributes.type() == FileType.DIRECTORY) {
      for (String name : posix.readdir(path)) {
        addPaths(posix, path.isEmpty() ? name : path + "/" + name, inodes, paths);
      }
    }
  }
}
