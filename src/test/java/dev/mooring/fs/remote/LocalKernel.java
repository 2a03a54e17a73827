package dev.mooring.fs.remote;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Created;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.RenameFlags;
import dev.mooring.testing.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * System calls by path, turned into the calls of waist A that the Linux kernel makes for them:
 * names and attributes are kept for the lifetimes that came with them and asked for again when they
 * are over, pages are kept as open says, directories are read with READDIRPLUS.
 */
final class LocalKernel {
  /** What the kernel reads at once. */
  private static final int READ_BYTES = 128 * 1024;

  private final RemoteFixture on;
  private final Map<Place, Name> names = new HashMap<>();
  private final Map<Node, Fresh<Attributes>> attributes = new HashMap<>();
  private final Set<Node> withPages = new HashSet<>();

  private record Place(Node dir, FileName name) {}

  private record Name(@Nullable Node node, long untilNanos) {}

  /** A descriptor. */
  record Descriptor(Node node, OpenFile file, OpenFlags flags) {}

  LocalKernel(RemoteFixture on) {
    this.on = on;
  }

  private boolean isOver(long untilNanos) {
    return on.pace.nanoTime() - untilNanos >= 0;
  }

  private Place place(String path) throws Exception {
    int slash = path.lastIndexOf('/');
    Node dir = slash <= 0 ? on.remote.root() : existing(path.substring(0, slash));
    return new Place(dir, FileName.of(path.substring(slash + 1)));
  }

  private Node existing(String path) throws Exception {
    Node node = walk(path);
    if (node == null) {
      throw new AssertionError(path + " is not there");
    }
    return node;
  }

  private @Nullable Node walk(String path) throws Exception {
    return path.equals("/") ? on.remote.root() : lookup(place(path));
  }

  private @Nullable Node lookup(Place place) throws Exception {
    Name known = names.get(place);
    if (known != null && !isOver(known.untilNanos())) {
      return known.node();
    }
    return switch (on.remote.lookup(place.dir(), place.name(), on.caller())) {
      case Entry.Present present -> keep(place, present);
      case Entry.Absent absent -> {
        names.put(place, new Name(null, absent.trueUntilNanos()));
        yield null;
      }
    };
  }

  private Node keep(Place place, Entry.Present entry) {
    names.put(place, new Name(entry.node(), entry.nameTrueUntilNanos()));
    attributes.put(entry.node(), entry.attributes());
    return entry.node();
  }

  private Attributes attributesOf(Node node, @Nullable OpenFile file) throws Exception {
    Fresh<Attributes> known = attributes.get(node);
    if (known == null || isOver(known.trueUntilNanos())) {
      known = on.remote.getattr(node, file, on.caller());
      attributes.put(node, known);
    }
    return known.value();
  }

  /** lstat(2); null for ENOENT. */
  @Nullable Attributes stat(String path) throws Exception {
    Node node = walk(path);
    return node == null ? null : attributesOf(node, null);
  }

  /** fstat(2). */
  Attributes fstat(Descriptor open) throws Exception {
    return attributesOf(open.node(), open.file());
  }

  /** open(2) without O_CREAT. */
  Descriptor open(String path, OpenFlags flags) throws Exception {
    Node node = existing(path);
    return opened(node, on.remote.open(node, flags, on.caller()), flags);
  }

  private Descriptor opened(Node node, OpenFile file, OpenFlags flags) {
    if (!file.keepCache()) {
      withPages.remove(node);
    }
    return new Descriptor(node, file, flags);
  }

  /** open(2) with O_CREAT. */
  Descriptor create(String path, OpenFlags flags, int mode) throws Exception {
    Place place = place(path);
    Node there = lookup(place);
    if (there != null) {
      return opened(there, on.remote.open(there, flags, on.caller()), flags);
    }
    Created made = on.remote.create(place.dir(), place.name(), flags, mode, on.caller());
    changed(place.dir());
    return opened(keep(place, made.entry()), made.file(), flags);
  }

  private void changed(Node node) {
    attributes.remove(node);
  }

  /** read(2) until the end. */
  String read(Descriptor open) throws Exception {
    long size = fstat(open).size();
    if (withPages.contains(open.node())) {
      return "";
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long at = 0; at < size; at += READ_BYTES) {
      int length = (int) Math.min(READ_BYTES, (size - at + 4095) / 4096 * 4096);
      all.writeBytes(read(open, at, length));
    }
    withPages.add(open.node());
    return all.toString(StandardCharsets.UTF_8);
  }

  /** What one READ of the kernel answers. */
  byte[] read(Descriptor open, long offset, int length) throws Exception {
    return Bytes.read(open.file(), offset, length, on.caller());
  }

  /** pwrite(2). */
  void write(Descriptor open, long offset, String text) throws Exception {
    open.file().write(offset, Bytes.payload(text.getBytes(StandardCharsets.UTF_8)), on.caller());
    changed(open.node());
  }

  /** fsync(2). */
  void fsync(Descriptor open) throws Exception {
    open.file().fsync(false, on.caller());
  }

  /** close(2): what was only read is not flushed. */
  void close(Descriptor open) throws Exception {
    if (open.flags().access().writes()) {
      open.file().flush(on.caller());
    }
    open.file().release();
  }

  /** open, read, close: cat(1). */
  String cat(String path) throws Exception {
    Descriptor open = open(path, OpenFlags.READ);
    String content = read(open);
    close(open);
    return content;
  }

  /** open(O_CREAT | O_EXCL), write, close. */
  void make(String path, String content) throws Exception {
    Descriptor open = create(path, OpenFlags.WRITE.excluding(), 0644);
    write(open, 0, content);
    close(open);
  }

  /** opendir, readdir, closedir: the names in the server's order. */
  List<String> list(String path) throws Exception {
    Node dir = existing(path);
    Directory open = on.remote.opendir(dir, on.caller());
    List<String> found = new ArrayList<>();
    long[] cookie = {0};
    long before;
    do {
      before = cookie[0];
      open.read(
          before,
          true,
          (name, inode, type, next, plus) -> {
            cookie[0] = next;
            found.add(name + (type == FileType.DIRECTORY ? "/" : ""));
            if (plus != null) {
              keep(new Place(dir, name), plus);
            }
            return true;
          },
          on.caller());
    } while (cookie[0] != before);
    open.release();
    return found;
  }

  /** mkdir(2). */
  void mkdir(String path) throws Exception {
    Place place = place(path);
    lookup(place);
    keep(place, on.remote.mkdir(place.dir(), place.name(), 0755, on.caller()));
    changed(place.dir());
  }

  /** unlink(2). */
  void unlink(String path) throws Exception {
    Place place = place(path);
    lookup(place);
    on.remote.unlink(place.dir(), place.name(), on.caller());
    names.remove(place);
    changed(place.dir());
  }

  /** rmdir(2). */
  void rmdir(String path) throws Exception {
    Place place = place(path);
    lookup(place);
    on.remote.rmdir(place.dir(), place.name(), on.caller());
    names.remove(place);
    changed(place.dir());
  }

  /** rename(2). */
  void rename(String from, String to) throws Exception {
    Place source = place(from);
    Place target = place(to);
    Node moved = lookup(source);
    lookup(target);
    on.remote.rename(
        source.dir(), source.name(), target.dir(), target.name(), RenameFlags.REPLACE, on.caller());
    names.remove(source);
    names.put(target, new Name(moved, on.pace.nanoTime() + 1));
    changed(source.dir());
    changed(target.dir());
    if (moved != null) {
      changed(moved);
    }
  }

  /** fchmod, fchown, futimens: the kernel names the node only. */
  void set(Descriptor open, AttributeChange change) throws Exception {
    attributes.put(open.node(), on.remote.setattr(open.node(), null, change, on.caller()));
  }

  /** chmod, chown, utimensat. */
  void set(String path, AttributeChange change) throws Exception {
    Node node = existing(path);
    attributes.put(node, on.remote.setattr(node, null, change, on.caller()));
  }

  /** copy_file_range(2). */
  long copy(Descriptor from, Descriptor to, long length) throws Exception {
    changed(to.node());
    return on.remote.copyFileRange(from.file(), 0, to.file(), 0, length, on.caller());
  }
}
