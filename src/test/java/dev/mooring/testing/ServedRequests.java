package dev.mooring.testing;

import static dev.mooring.testing.ServedPacket.begin;
import static dev.mooring.testing.ServedPacket.bytes;
import static dev.mooring.testing.ServedPacket.end;
import static dev.mooring.testing.ServedPacket.string;
import static dev.mooring.testing.ServedPacket.text;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Lease;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.fs.Payload;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.OpenMode;
import dev.mooring.testing.ServedHandles.File;
import dev.mooring.testing.ServedHandles.Listing;
import dev.mooring.testing.ServedTree.Place;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries out the requests of one channel and writes the replies. The numbers are those of
 * draft-ietf-secsh-filexfer-02 and deliberately not taken from the client.
 */
final class ServedRequests {
  private static final int VERSION = 2;
  private static final int STATUS = 101;
  private static final int HANDLE = 102;
  private static final int DATA = 103;
  private static final int NAME = 104;
  private static final int ATTRS = 105;
  private static final int NAMES_AT_ONCE = 100;
  private static final int END_OF_FILE = 1;

  private final FileSystem files;
  private final ServerDialect dialect;
  private final Caller caller;
  private final ServedHandles handles = new ServedHandles();
  private final ServedExtensions extensions;

  ServedRequests(InMemorySftpServer server) {
    files = server.files();
    dialect = server.dialect();
    caller = server.caller();
    extensions = new ServedExtensions(server, handles);
  }

  int openHandles() {
    return handles.size();
  }

  void closeHandles() {
    handles.closeAll();
  }

  /** The reply to a whole packet. */
  ByteBuffer answer(ByteBuffer packet) {
    if (packet.getInt() != packet.remaining()) {
      throw new AssertionError("the length of a packet of " + packet.remaining() + " bytes");
    }
    int type = Byte.toUnsignedInt(packet.get());
    int id = packet.getInt();
    if (type == 1) {
      return version();
    }
    try (ServedTree tree = new ServedTree(files, caller)) {
      if (dialect.readOnly() && changes(type, packet)) {
        throw new ErrnoException(Errno.EACCES, "read-only server");
      }
      ByteBuffer reply = carryOut(type, id, packet, tree);
      if (packet.hasRemaining()) {
        throw new AssertionError(packet.remaining() + " bytes too many in packet type " + type);
      }
      return reply;
    } catch (ErrnoException e) {
      return status(id, statusOf(e.errno()));
    }
  }

  private ByteBuffer version() {
    ByteBuffer reply = begin(VERSION, 3);
    for (Extension extension : dialect.extensions()) {
      string(string(reply, extension.wireName()), extension.version());
    }
    return end(reply);
  }

  private static boolean changes(int type, ByteBuffer packet) {
    return switch (type) {
      case 3 -> (packet.getInt(9 + 4 + packet.getInt(9)) & ~OpenMode.READ) != 0;
      case 6, 9, 10, 13, 14, 15, 18, 20 -> true;
      default -> false;
    };
  }

  private ByteBuffer carryOut(int type, int id, ByteBuffer packet, ServedTree tree)
      throws ErrnoException {
    return switch (type) {
      case 3 -> handle(id, open(packet, tree));
      case 4 -> done(id, () -> close(bytes(packet)));
      case 5 -> read(id, handles.file(bytes(packet)), packet.getLong(), packet.getInt());
      case 6 -> done(id, () -> write(handles.file(bytes(packet)), packet));
      case 7 -> attributes(id, tree.attributes(tree.node(bytes(packet), false)));
      case 8 -> attributes(id, fstat(handles.file(bytes(packet))));
      case 9 -> done(id, () -> setstat(tree.node(bytes(packet), true), packet));
      case 10 -> done(id, () -> setstat(handles.file(bytes(packet)).node(), packet));
      case 11 -> handle(id, opendir(tree.node(bytes(packet), true)));
      case 12 -> readdir(id, handles.listing(bytes(packet)), tree);
      case 13 -> done(id, () -> remove(tree.place(bytes(packet))));
      case 14 -> done(id, () -> mkdir(tree, packet));
      case 15 -> done(id, () -> rmdir(tree.place(bytes(packet))));
      case 16 -> name(id, realpath(text(packet)));
      case 17 -> attributes(id, tree.attributes(tree.node(bytes(packet), true)));
      case 18 -> done(id, () -> rename(tree.place(bytes(packet)), tree.place(bytes(packet))));
      case 19 -> name(id, readlink(tree, bytes(packet)));
      case 20 -> done(id, () -> symlink(tree, bytes(packet), bytes(packet)));
      case 200 -> extensions.carryOut(id, packet, tree);
      default -> throw new ErrnoException(Errno.ENOSYS, "packet type " + type);
    };
  }

  /** What ends with the status OK. */
  @FunctionalInterface
  interface Change {
    void make() throws ErrnoException;
  }

  static ByteBuffer done(int id, Change change) throws ErrnoException {
    change.make();
    return status(id, 0);
  }

  static ByteBuffer status(int id, int code) {
    return end(string(string(begin(STATUS, id).putInt(code), "status " + code), ""));
  }

  /** As OpenSSH folds them: what it does not tell apart is 4, FAILURE. */
  private static int statusOf(Errno errno) {
    return switch (errno) {
      case ENOENT, ENOTDIR, EBADF, ELOOP -> 2;
      case EPERM, EACCES -> 3;
      case ENAMETOOLONG, EINVAL -> 5;
      case ENOSYS -> 8;
      default -> 4;
    };
  }

  private ServedHandles.Opened open(ByteBuffer packet, ServedTree tree) throws ErrnoException {
    byte[] path = bytes(packet);
    int mode = packet.getInt();
    int permissions = 0666;
    for (AttributeChange change : ServedPacket.changes(packet)) {
      permissions = change.permissions() == null ? permissions : change.permissions();
    }
    OpenFlags flags = flags(mode);
    if ((mode & OpenMode.CREATE) == 0 || leadsThroughLink(tree, path, flags)) {
      return new File(files.open(tree.node(path, true), flags, caller));
    }
    Place place = tree.place(path);
    var created = files.create(place.dir(), place.name(), flags, permissions, caller);
    tree.met(created.entry());
    return new File(created.file());
  }

  private static boolean leadsThroughLink(ServedTree tree, byte[] path, OpenFlags flags)
      throws ErrnoException {
    try {
      return !flags.exclusive()
          && tree.attributes(tree.node(path, false)).type() == FileType.SYMLINK;
    } catch (ErrnoException e) {
      return false;
    }
  }

  private static OpenFlags flags(int mode) {
    boolean reads = (mode & OpenMode.READ) != 0;
    boolean writes = (mode & OpenMode.WRITE) != 0;
    OpenFlags flags = !writes ? OpenFlags.READ : reads ? OpenFlags.READ_WRITE : OpenFlags.WRITE;
    flags = (mode & OpenMode.APPEND) == 0 ? flags : flags.appending();
    flags = (mode & OpenMode.TRUNCATE) == 0 ? flags : flags.truncating();
    return (mode & OpenMode.EXCLUSIVE) == 0 ? flags : flags.excluding();
  }

  private ByteBuffer handle(int id, ServedHandles.Opened opened) {
    return end(string(begin(HANDLE, id), handles.add(opened)));
  }

  private void close(byte[] handle) throws ErrnoException {
    boolean file = handles.isFile(handle);
    handles.close(handle);
    if (file && dialect.failsToClose()) {
      throw new ErrnoException(Errno.ENOSPC, "found out when it was closed");
    }
  }

  private ByteBuffer read(int id, OpenFile file, long offset, int length) throws ErrnoException {
    try (Lease lease = file.read(offset, Math.min(length, dialect.maxReadBytes()), caller)) {
      if (lease.length() == 0) {
        return status(id, END_OF_FILE);
      }
      ByteBuffer reply = begin(DATA, id).putInt(lease.length());
      lease.slices().forEach(slice -> reply.put(slice.duplicate()));
      return end(reply);
    }
  }

  private void write(OpenFile file, ByteBuffer packet) throws ErrnoException {
    long offset = packet.getLong();
    int length = packet.getInt();
    file.write(offset, Payload.of(packet.slice(packet.position(), length)), caller);
    packet.position(packet.position() + length);
  }

  private Attributes fstat(OpenFile file) throws ErrnoException {
    return files.getattr(file.node(), file, caller).value();
  }

  private void setstat(Node node, ByteBuffer packet) throws ErrnoException {
    List<AttributeChange> changes = ServedPacket.changes(packet);
    if (dialect.refusesAttributes()) {
      throw new ErrnoException(Errno.EPERM, "attributes cannot be set here");
    }
    extensions.setstat(node, changes);
  }

  private Listing opendir(Node dir) throws ErrnoException {
    Directory open = files.opendir(dir, caller);
    return new Listing(open, dir, new ArrayDeque<>(), new AtomicBoolean());
  }

  /** As OpenSSH: {@code .} and {@code ..} first; names that have vanished are passed over. */
  private ByteBuffer readdir(int id, Listing listing, ServedTree tree) throws ErrnoException {
    ByteBuffer reply = begin(NAME, id).putInt(0);
    int count = 0;
    if (listing.begun().compareAndSet(false, true)) {
      Deque<FileName> left = listing.left();
      listing.open().read(0, false, (name, inode, type, next, plus) -> left.add(name), caller);
      Attributes dir = tree.attributes(listing.dir());
      entry(reply, new byte[] {'.'}, dir);
      entry(reply, new byte[] {'.', '.'}, dir);
      count = 2;
    }
    while (count < NAMES_AT_ONCE && !listing.left().isEmpty()) {
      count += entry(reply, listing.dir(), listing.left().remove(), tree) ? 1 : 0;
    }
    return count == 0 ? status(id, END_OF_FILE) : end(reply.putInt(9, count));
  }

  private static boolean entry(ByteBuffer reply, Node dir, FileName name, ServedTree tree) {
    try {
      Attributes attributes = tree.child(dir, name).attributes().value();
      byte[] raw = new byte[name.length()];
      name.bytes().get(raw);
      entry(reply, raw, attributes);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  private static void entry(ByteBuffer reply, byte[] name, Attributes attributes) {
    string(string(reply, name), longName(new String(name, StandardCharsets.UTF_8), attributes));
    ServedPacket.attributes(reply, attributes);
  }

  private static String longName(String name, Attributes of) {
    return "?%o %4d %-8d %-8d %8d Jan  1  1970 %s"
        .formatted(of.permissions(), of.links(), of.uid(), of.gid(), of.size(), name);
  }

  private void remove(Place place) throws ErrnoException {
    files.unlink(place.dir(), place.name(), caller);
  }

  private void mkdir(ServedTree tree, ByteBuffer packet) throws ErrnoException {
    Place place = tree.place(bytes(packet));
    int permissions = 0777;
    for (AttributeChange change : ServedPacket.changes(packet)) {
      permissions = change.permissions() == null ? permissions : change.permissions();
    }
    tree.met(files.mkdir(place.dir(), place.name(), permissions, caller));
  }

  private void rmdir(Place place) throws ErrnoException {
    files.rmdir(place.dir(), place.name(), caller);
  }

  private void rename(Place from, Place to) throws ErrnoException {
    files.rename(from.dir(), from.name(), to.dir(), to.name(), RenameFlags.NO_REPLACE, caller);
  }

  private byte[] readlink(ServedTree tree, byte[] path) throws ErrnoException {
    return files.readlink(tree.node(path, false), caller).toByteArray();
  }

  private void symlink(ServedTree tree, byte[] target, byte[] link) throws ErrnoException {
    Place place = tree.place(link);
    tree.met(files.symlink(place.dir(), place.name(), TargetBytes.of(target), caller));
  }

  /** Lexical: good enough for paths without links. */
  private static byte[] realpath(String path) {
    return Path.of("/").resolve(path).normalize().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer attributes(int id, Attributes attributes) {
    return end(ServedPacket.attributes(begin(ATTRS, id), attributes));
  }

  static ByteBuffer name(int id, byte[] name) {
    ByteBuffer reply = begin(NAME, id).putInt(1);
    return end(string(string(reply, name), name).putInt(0));
  }
}
