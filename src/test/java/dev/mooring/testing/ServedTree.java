package dev.mooring.testing;

import dev.mooring.fs.Attributes;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Walks the paths of one request through waist A, as the server's kernel would. Every node that it
 * met is forgotten when the request is over.
 */
final class ServedTree implements AutoCloseable {
  private static final int MAX_LINKS = 40;

  /** A name in a directory; the name of the root is null and cannot be taken. */
  record Place(Node dir, FileName name) {}

  private final FileSystem files;
  private final Caller caller;
  private final List<Node> met = new ArrayList<>();
  private int links;

  ServedTree(FileSystem files, Caller caller) {
    this.files = files;
    this.caller = caller;
  }

  /** What a path leads to; {@code follow} says whether a link at its end is followed. */
  Node node(byte[] path, boolean follow) throws ErrnoException {
    return walk(start(), path, follow).getLast();
  }

  /** The directory that a path's last name is in, and that name. */
  Place place(byte[] path) throws ErrnoException {
    int end = path.length;
    while (end > 1 && path[end - 1] == '/') {
      end--;
    }
    int slash = end - 1;
    while (slash >= 0 && path[slash] != '/') {
      slash--;
    }
    byte[] dir = Arrays.copyOf(path, slash + 1);
    FileName name = FileName.of(Arrays.copyOfRange(path, slash + 1, end));
    return new Place(node(dir, true), name);
  }

  Attributes attributes(Node node) throws ErrnoException {
    return files.getattr(node, null, caller).value();
  }

  /** What is there, with its attributes. */
  Entry.Present child(Node dir, FileName name) throws ErrnoException {
    return switch (files.lookup(dir, name, caller)) {
      case Entry.Present present -> {
        met.add(present.node());
        yield present;
      }
      case Entry.Absent absent -> throw new ErrnoException(Errno.ENOENT, name.toString());
    };
  }

  /** To be forgotten with the others: what a call that made something counted. */
  void met(Entry.Present made) {
    met.add(made.node());
  }

  private Deque<Node> start() {
    Deque<Node> trail = new ArrayDeque<>();
    trail.add(files.root());
    return trail;
  }

  /** The nodes from the root to where a path leads that begins at the end of {@code trail}. */
  private Deque<Node> walk(Deque<Node> trail, byte[] path, boolean follow) throws ErrnoException {
    String all = new String(path, StandardCharsets.ISO_8859_1);
    Deque<Node> now = all.startsWith("/") ? start() : trail;
    String[] names = all.split("/+", -1);
    for (int i = 0; i < names.length; i++) {
      boolean last = i == names.length - 1;
      switch (names[i]) {
        case "" -> requireDirectory(now.getLast());
        case "." -> requireDirectory(now.getLast());
        case ".." -> {
          if (now.size() > 1) {
            now.removeLast();
          }
        }
        default -> now = step(now, names[i], follow || !last);
      }
    }
    return now;
  }

  private Deque<Node> step(Deque<Node> trail, String name, boolean follow) throws ErrnoException {
    FileName fileName = FileName.of(name.getBytes(StandardCharsets.ISO_8859_1));
    Entry.Present child = child(trail.getLast(), fileName);
    if (!follow || child.attributes().value().type() != FileType.SYMLINK) {
      trail.add(child.node());
      return trail;
    }
    if (++links > MAX_LINKS) {
      throw new ErrnoException(Errno.ELOOP, name);
    }
    return walk(trail, files.readlink(child.node(), caller).toByteArray(), true);
  }

  private void requireDirectory(Node node) throws ErrnoException {
    if (attributes(node).type() != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ENOTDIR, "in the middle of a path");
    }
  }

  @Override
  public void close() {
    met.forEach(node -> files.forget(node, 1));
  }
}
