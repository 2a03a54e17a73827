package dev.mooring.contract;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A path walked as the kernel walks it: one lookup for each component, following symbolic links,
 * holding a reference on every node on the way until it is closed.
 */
final class Walk implements AutoCloseable {
  private static final int MAX_PATH_BYTES = 4095;
  private static final int MAX_LINKS = 40;

  private final FileSystem fileSystem;
  private final Caller caller;
  private final Deque<Node> below = new ArrayDeque<>();
  private int links;

  private Walk(FileSystem fileSystem, Caller caller) {
    this.fileSystem = fileSystem;
    this.caller = caller;
  }

  /** Walks to what the path names; {@code follow} says whether through a final symbolic link. */
  static Walk to(FileSystem fileSystem, String path, boolean follow, Caller caller)
      throws ErrnoException {
    if (path.length() > MAX_PATH_BYTES) {
      throw new ErrnoException(Errno.ENAMETOOLONG, path.length() + " bytes");
    }
    Walk walk = new Walk(fileSystem, caller);
    try {
      walk.along(path, follow);
      return walk;
    } catch (ErrnoException | RuntimeException | Error e) {
      walk.close();
      throw e;
    }
  }

  /** Walks to the directory that has, or is to have, the last component of the path. */
  static Walk toParent(FileSystem fileSystem, String path, Caller caller) throws ErrnoException {
    return to(fileSystem, path.substring(0, Math.max(0, path.lastIndexOf('/'))), true, caller);
  }

  /** The last component of the path. */
  static FileName nameIn(String path) throws ErrnoException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return FileName.of(name.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Goes one further, to an entry whose reference is now the walk's to give back. */
  void add(Node child) {
    below.addLast(child);
  }

  /** Where the walk ended. */
  Node node() {
    return below.isEmpty() ? fileSystem.root() : below.getLast();
  }

  private void along(String path, boolean follow) throws ErrnoException {
    List<String> names = path.isEmpty() ? List.of() : List.of(path.split("/", -1));
    for (int i = 0; i < names.size(); i++) {
      step(names.get(i), follow || i < names.size() - 1);
    }
  }

  private void step(String name, boolean follow) throws ErrnoException {
    if (name.isEmpty() || name.equals(".")) {
      requireDirectory();
    } else if (name.equals("..")) {
      requireDirectory();
      if (!below.isEmpty()) {
        fileSystem.forget(below.removeLast(), 1);
      }
    } else {
      down(nameIn(name), follow);
    }
  }

  private void down(FileName name, boolean follow) throws ErrnoException {
    if (!(fileSystem.lookup(node(), name, caller) instanceof Entry.Present entry)) {
      throw new ErrnoException(Errno.ENOENT, name.toString());
    }
    if (follow && entry.attributes().value().type() == FileType.SYMLINK) {
      through(entry.node());
    } else {
      below.addLast(entry.node());
    }
  }

  private void through(Node link) throws ErrnoException {
    byte[] target;
    try {
      target = fileSystem.readlink(link, caller).toByteArray();
    } finally {
      fileSystem.forget(link, 1);
    }
    if (++links > MAX_LINKS) {
      throw new ErrnoException(Errno.ELOOP, "more than 40 symbolic links");
    }
    along(new String(target, StandardCharsets.ISO_8859_1), true);
  }

  private void requireDirectory() throws ErrnoException {
    if (fileSystem.getattr(node(), null, caller).value().type() != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ENOTDIR, "a component of the path");
    }
  }

  @Override
  public void close() {
    while (!below.isEmpty()) {
      fileSystem.forget(below.removeLast(), 1);
    }
  }
}
