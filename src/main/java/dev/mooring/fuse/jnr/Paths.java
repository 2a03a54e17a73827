package dev.mooring.fuse.jnr;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Node;
import org.jspecify.annotations.Nullable;

/**
 * Finds nodes by the paths that libfuse 2 speaks in: one lookup for each component from the root
 * on, which the file system answers from memory for the most part. Thread-safe.
 */
final class Paths {
  /** What jnr-ffi decodes a byte to that is not UTF-8. */
  private static final char NOT_UTF_8 = '\uFFFD';

  private final FileSystem fileSystem;
  private final HiddenFiles hidden;

  Paths(FileSystem fileSystem, HiddenFiles hidden) {
    this.fileSystem = fileSystem;
    this.hidden = hidden;
  }

  /**
   * A node, referenced until this is closed.
   *
   * @param attributes as the lookup gave them; null where there was no lookup
   * @param release gives the reference back
   */
  record Found(Node node, @Nullable Fresh<Attributes> attributes, Runnable release)
      implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /** A directory, referenced until this is closed, and a name in it that may lead to nothing. */
  record Place(Found directory, FileName name) implements AutoCloseable {
    Node node() {
      return directory.node();
    }

    @Override
    public void close() {
      directory.close();
    }
  }

  /**
   * The node at a path.
   *
   * @throws ErrnoException ENOENT when a component leads to nothing, EILSEQ when one is not UTF-8
   */
  Found find(String path, Caller caller) throws ErrnoException {
    Found unlinked = hidden.find(lastName(path));
    if (unlinked != null) {
      return unlinked;
    }
    refuseWhatIsNotUtf8(path);
    Found at = new Found(fileSystem.root(), null, () -> {});
    int start = 1;
    while (start < path.length()) {
      int end = path.indexOf('/', start);
      end = end < 0 ? path.length() : end;
      at = step(at, path.substring(start, end), caller);
      start = end + 1;
    }
    return at;
  }

  /** The directory of a path, and the path's last name. */
  Place place(String path, Caller caller) throws ErrnoException {
    refuseWhatIsNotUtf8(path);
    FileName name = FileName.of(lastName(path));
    int slash = path.lastIndexOf('/');
    return new Place(find(slash == 0 ? "/" : path.substring(0, slash), caller), name);
  }

  private Found step(Found directory, String name, Caller caller) throws ErrnoException {
    try (directory) {
      return switch (fileSystem.lookup(directory.node(), FileName.of(name), caller)) {
        case Entry.Present(Node node, Fresh<Attributes> attributes, _) ->
            new Found(node, attributes, () -> fileSystem.forget(node, 1));
        case Entry.Absent _ -> throw new ErrnoException(Errno.ENOENT, name);
      };
    }
  }

  /** The last component of a path; empty for the root. */
  static String lastName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Refuses text from C that had bytes which are not UTF-8: what they were is lost, and another
   * file must never be touched in its stead.
   */
  static void refuseWhatIsNotUtf8(String text) throws ErrnoException {
    if (text.indexOf(NOT_UTF_8) >= 0) {
      throw new ErrnoException(Errno.EILSEQ, "a name that is not UTF-8");
    }
  }
}
