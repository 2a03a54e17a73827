package dev.mooring.testing;

import static dev.mooring.testing.ServedPacket.begin;
import static dev.mooring.testing.ServedPacket.bytes;
import static dev.mooring.testing.ServedPacket.end;
import static dev.mooring.testing.ServedPacket.string;
import static dev.mooring.testing.ServedPacket.text;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import dev.mooring.sftp.Extension;
import dev.mooring.testing.ServedTree.Place;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** OpenSSH's extensions, as far as an {@link InMemorySftpServer}'s dialect has them. */
final class ServedExtensions {
  private static final int EXTENDED_REPLY = 201;
  private static final int PACKET_BYTES = 262_144;
  private static final int WRITE_BYTES = 261_120;
  private static final int MOST_HANDLES = 1019;

  private final FileSystem files;
  private final ServerDialect dialect;
  private final Caller caller;
  private final ServedHandles handles;

  ServedExtensions(InMemorySftpServer server, ServedHandles handles) {
    this.files = server.files();
    this.dialect = server.dialect();
    this.caller = server.caller();
    this.handles = handles;
  }

  ByteBuffer carryOut(int id, ByteBuffer packet, ServedTree tree) throws ErrnoException {
    Extension extension = extension(text(packet));
    if (dialect.readOnly() && changes(extension)) {
      throw new ErrnoException(Errno.EACCES, "read-only server");
    }
    return switch (extension) {
      case POSIX_RENAME ->
          done(id, () -> rename(tree.place(bytes(packet)), tree.place(bytes(packet))));
      case HARDLINK -> done(id, () -> link(tree, bytes(packet), bytes(packet)));
      case FSYNC -> done(id, () -> handles.file(bytes(packet)).fsync(false, caller));
      case LSETSTAT ->
          done(id, () -> setstat(tree.node(bytes(packet), false), ServedPacket.changes(packet)));
      case STATVFS -> statvfs(id, tree.node(bytes(packet), true));
      case FSTATVFS -> statvfs(id, handles.file(bytes(packet)).node());
      case LIMITS -> limits(id);
      case EXPAND_PATH -> ServedRequests.name(id, expand(text(packet)));
      case HOME_DIRECTORY -> ServedRequests.name(id, home(text(packet)));
      case COPY_DATA -> done(id, () -> copy(packet));
      case USERS_GROUPS_BY_ID -> namesOfIds(id, bytes(packet), bytes(packet));
    };
  }

  private static ByteBuffer done(int id, ServedRequests.Change change) throws ErrnoException {
    return ServedRequests.done(id, change);
  }

  private Extension extension(String name) throws ErrnoException {
    for (Extension extension : dialect.extensions()) {
      if (extension.wireName().equals(name)) {
        return extension;
      }
    }
    throw new ErrnoException(Errno.ENOSYS, name);
  }

  private static boolean changes(Extension extension) {
    return switch (extension) {
      case POSIX_RENAME, HARDLINK, FSYNC, LSETSTAT, COPY_DATA -> true;
      case STATVFS, FSTATVFS, LIMITS, EXPAND_PATH, HOME_DIRECTORY, USERS_GROUPS_BY_ID -> false;
    };
  }

  /** Makes all changes that can be made; the last error is the answer. */
  void setstat(Node node, List<AttributeChange> changes) throws ErrnoException {
    ErrnoException last = null;
    for (AttributeChange change : changes) {
      try {
        files.setattr(node, null, change, caller);
      } catch (ErrnoException e) {
        last = e;
      }
    }
    if (last != null) {
      throw last;
    }
  }

  private void rename(Place from, Place to) throws ErrnoException {
    files.rename(from.dir(), from.name(), to.dir(), to.name(), RenameFlags.REPLACE, caller);
  }

  private void link(ServedTree tree, byte[] existing, byte[] link) throws ErrnoException {
    Place place = tree.place(link);
    tree.met(files.link(tree.node(existing, false), place.dir(), place.name(), caller));
  }

  private ByteBuffer statvfs(int id, Node node) throws ErrnoException {
    files.getattr(node, null, caller);
    Statistics s = files.statfs(caller).value();
    return end(
        begin(EXTENDED_REPLY, id)
            .putLong(s.blockSize())
            .putLong(s.blockSize())
            .putLong(s.blocks())
            .putLong(s.freeBlocks())
            .putLong(s.availableBlocks())
            .putLong(s.files())
            .putLong(s.freeFiles())
            .putLong(s.freeFiles())
            .putLong(1)
            .putLong(s.readOnly() ? 1 : 0)
            .putLong(s.maxNameBytes()));
  }

  private ByteBuffer limits(int id) {
    return end(
        begin(EXTENDED_REPLY, id)
            .putLong(PACKET_BYTES)
            .putLong(dialect.maxReadBytes())
            .putLong(WRITE_BYTES)
            .putLong(MOST_HANDLES));
  }

  /** Everybody's home is the root. */
  private static byte[] expand(String path) {
    String below = path.replaceFirst("^~[^/]*/?", "");
    return ("/" + below).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] home(String user) {
    return expand("~" + user);
  }

  private void copy(ByteBuffer packet) throws ErrnoException {
    OpenFile from = handles.file(bytes(packet));
    long fromOffset = packet.getLong();
    long asked = packet.getLong();
    OpenFile to = handles.file(bytes(packet));
    long toOffset = packet.getLong();
    long left = asked == 0 ? Long.MAX_VALUE - Math.max(fromOffset, toOffset) : asked;
    for (long n = 1; left > 0 && n > 0; left -= n) {
      n = files.copyFileRange(from, fromOffset, to, toOffset, left, caller);
      fromOffset += n;
      toOffset += n;
    }
  }

  private static ByteBuffer namesOfIds(int id, byte[] uids, byte[] gids) {
    ByteBuffer reply = begin(EXTENDED_REPLY, id);
    return end(string(string(reply, names(uids)), names(gids)));
  }

  /** Only root has a name. */
  private static byte[] names(byte[] ids) {
    ByteBuffer row = ByteBuffer.allocate(2 * ids.length);
    for (ByteBuffer left = ByteBuffer.wrap(ids); left.hasRemaining(); ) {
      string(row, left.getInt() == 0 ? "root" : "");
    }
    byte[] bytes = new byte[row.flip().remaining()];
    row.get(bytes);
    return bytes;
  }
}
