package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.fuse.OpenFlagBits;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what follows a request's header. Bytes after what a request needs are ignored, so that a
 * newer kernel may say more. Stateless.
 */
public final class RequestDecoder {
  private static final int GETATTR_HANDLE = 1;
  private static final int FSYNC_DATA_ONLY = 1;
  private static final int INIT_WITH_SECOND_FLAGS = 20;

  private RequestDecoder() {}

  /**
   * The request with this header.
   *
   * @param body in the machine's byte order, positioned after the header, with nothing behind it
   * @throws ErrnoException EIO when it is shorter than it must be; what {@link FileName#of} and
   *     {@link TargetBytes#of} refuse; EINVAL for unknown flags
   */
  public static Request decode(RequestHeader header, ByteBuffer body) throws ErrnoException {
    Opcode opcode = Opcode.of(header.opcode());
    if (opcode == null) {
      return new Request.Unsupported(header.opcode());
    }
    try {
      return decode(opcode, body);
    } catch (BufferUnderflowException _) {
      throw malformed(opcode + " of " + header.length() + " bytes");
    }
  }

  private static Request decode(Opcode opcode, ByteBuffer body) throws ErrnoException {
    return switch (opcode) {
      case LOOKUP -> new Request.Lookup(name(body));
      case FORGET -> new Request.Forget(body.getLong());
      case BATCH_FORGET -> batchForget(body);
      case GETATTR -> getattr(body);
      case SETATTR -> setattr(body);
      case READLINK -> new Request.Readlink();
      case SYMLINK -> new Request.Symlink(name(body), TargetBytes.of(text(body)));
      case MKNOD -> mknod(body);
      case MKDIR -> mkdir(body);
      case UNLINK -> new Request.Unlink(name(body));
      case RMDIR -> new Request.Rmdir(name(body));
      case RENAME -> rename(body, false);
      case RENAME2 -> rename(body, true);
      case LINK -> new Request.Link(body.getLong(), name(body));
      case OPEN -> new Request.Open(OpenFlagBits.decode(body.getInt()));
      case CREATE -> create(body);
      case READ -> read(body);
      case WRITE -> write(body);
      case STATFS -> new Request.Statfs();
      case RELEASE -> new Request.Release(body.getLong());
      case FLUSH -> new Request.Flush(body.getLong());
      case FSYNC -> new Request.Fsync(body.getLong(), (body.getInt() & FSYNC_DATA_ONLY) != 0);
      case OPENDIR -> new Request.Opendir();
      case READDIR -> readdir(body, false);
      case READDIRPLUS -> readdir(body, true);
      case RELEASEDIR -> new Request.Releasedir(body.getLong());
      case FALLOCATE -> fallocate(body);
      case COPY_FILE_RANGE -> copyFileRange(body, false);
      case COPY_FILE_RANGE_64 -> copyFileRange(body, true);
      case INTERRUPT -> new Request.Interrupt(body.getLong());
      case INIT -> init(body);
      case DESTROY -> new Request.Destroy();
    };
  }

  private static Request batchForget(ByteBuffer body) throws ErrnoException {
    int count = body.getInt();
    body.getInt();
    if (count < 0 || count > body.remaining() / (2 * Long.BYTES)) {
      throw malformed("BATCH_FORGET of " + count);
    }
    List<Request.BatchForget.Forgotten> forgotten = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      forgotten.add(new Request.BatchForget.Forgotten(body.getLong(), body.getLong()));
    }
    return new Request.BatchForget(forgotten);
  }

  private static Request getattr(ByteBuffer body) {
    int flags = body.getInt();
    body.getInt();
    long handle = body.getLong();
    return new Request.Getattr((flags & GETATTR_HANDLE) != 0 ? handle : null);
  }

  private static Request setattr(ByteBuffer body) {
    int valid = body.getInt();
    body.getInt();
    long handle = body.getLong();
    long size = body.getLong();
    body.getLong(); // the owner of locks
    long accessed = body.getLong();
    long modified = body.getLong();
    body.getLong(); // the time of the last change of attributes is the server's
    skip(body, 3 * Integer.BYTES); // nanoseconds, which SFTP does not carry
    int mode = body.getInt();
    body.getInt();
    int uid = body.getInt();
    int gid = body.getInt();
    AttributeChange change =
        new AttributeChange(
            SetattrBit.MODE.in(valid) ? mode & Attributes.PERMISSION_BITS : null,
            SetattrBit.UID.in(valid) ? uid : null,
            SetattrBit.GID.in(valid) ? gid : null,
            SetattrBit.SIZE.in(valid) ? size : null,
            time(SetattrBit.ACCESSED.in(valid), SetattrBit.ACCESSED_NOW.in(valid), accessed),
            time(SetattrBit.MODIFIED.in(valid), SetattrBit.MODIFIED_NOW.in(valid), modified));
    return new Request.Setattr(SetattrBit.HANDLE.in(valid) ? handle : null, change);
  }

  private static TimeChange time(boolean set, boolean now, long seconds) {
    if (now) {
      return new TimeChange.Now();
    }
    return set ? new TimeChange.Set(seconds) : new TimeChange.Keep();
  }

  private static Request mknod(ByteBuffer body) throws ErrnoException {
    int mode = body.getInt();
    body.getInt(); // the device's number, which SFTP does not carry
    int umask = body.getInt();
    body.getInt();
    return new Request.Mknod(name(body), mode, umask);
  }

  private static Request mkdir(ByteBuffer body) throws ErrnoException {
    int mode = body.getInt();
    int umask = body.getInt();
    return new Request.Mkdir(name(body), mode, umask);
  }

  private static Request rename(ByteBuffer body, boolean withFlags) throws ErrnoException {
    long newDirId = body.getLong();
    RenameFlags flags = RenameFlags.REPLACE;
    if (withFlags) {
      flags = renameFlags(body.getInt());
      body.getInt();
    }
    return new Request.Rename(name(body), newDirId, name(body), flags);
  }

  private static RenameFlags renameFlags(int flags) throws ErrnoException {
    return switch (flags) {
      case 0 -> RenameFlags.REPLACE;
      case 1 -> RenameFlags.NO_REPLACE;
      case 2 -> RenameFlags.EXCHANGE;
      default -> throw new ErrnoException(Errno.EINVAL, "rename flags " + flags);
    };
  }

  private static Request create(ByteBuffer body) throws ErrnoException {
    int flags = body.getInt();
    int mode = body.getInt();
    int umask = body.getInt();
    body.getInt();
    return new Request.Create(name(body), OpenFlagBits.decode(flags), mode, umask);
  }

  private static Request read(ByteBuffer body) throws ErrnoException {
    long handle = body.getLong();
    long offset = body.getLong();
    return new Request.Read(handle, offset, size(body));
  }

  private static Request write(ByteBuffer body) throws ErrnoException {
    long handle = body.getLong();
    long offset = body.getLong();
    int size = size(body);
    skip(body, Integer.BYTES + Long.BYTES + 2 * Integer.BYTES); // flags, the owner of locks
    if (size > body.remaining()) {
      throw malformed("WRITE of " + size + " bytes with " + body.remaining());
    }
    return new Request.Write(handle, offset, body.position(), size);
  }

  private static Request readdir(ByteBuffer body, boolean plus) throws ErrnoException {
    long handle = body.getLong();
    long offset = body.getLong();
    return new Request.Readdir(handle, offset, size(body), plus);
  }

  private static Request fallocate(ByteBuffer body) {
    return new Request.Fallocate(body.getLong(), body.getLong(), body.getLong(), body.getInt());
  }

  private static Request copyFileRange(ByteBuffer body, boolean wide) {
    long fromHandle = body.getLong();
    long fromOffset = body.getLong();
    body.getLong(); // the node of the next, which knows it
    long toHandle = body.getLong();
    long toOffset = body.getLong();
    return new Request.CopyFileRange(
        fromHandle, fromOffset, toHandle, toOffset, body.getLong(), wide);
  }

  private static Request init(ByteBuffer body) {
    boolean second = body.remaining() >= INIT_WITH_SECOND_FLAGS;
    int major = body.getInt();
    int minor = body.getInt();
    int maxReadahead = body.getInt();
    long flags = Integer.toUnsignedLong(body.getInt());
    if (second && InitFlag.INIT_EXT.in(flags)) {
      flags |= (long) body.getInt() << Integer.SIZE;
    }
    return new Request.Init(major, minor, maxReadahead, flags);
  }

  /** What ends with a NUL, which is passed over. */
  private static byte[] text(ByteBuffer body) {
    int start = body.position();
    int length = 0;
    while (body.get() != 0) {
      length++;
    }
    byte[] bytes = new byte[length];
    body.get(start, bytes);
    return bytes;
  }

  private static FileName name(ByteBuffer body) throws ErrnoException {
    return FileName.of(text(body));
  }

  private static int size(ByteBuffer body) throws ErrnoException {
    int size = body.getInt();
    if (size < 0) {
      throw malformed("a size of " + Integer.toUnsignedString(size));
    }
    return size;
  }

  private static void skip(ByteBuffer body, int bytes) {
    if (bytes > body.remaining()) {
      throw new BufferUnderflowException();
    }
    body.position(body.position() + bytes);
  }

  private static ErrnoException malformed(String what) {
    return new ErrnoException(Errno.EIO, "malformed request: " + what);
  }

  /** The bits of {@code fuse_setattr_in.valid} that count here. */
  private enum SetattrBit {
    MODE(1),
    UID(1 << 1),
    GID(1 << 2),
    SIZE(1 << 3),
    ACCESSED(1 << 4),
    MODIFIED(1 << 5),
    HANDLE(1 << 6),
    ACCESSED_NOW(1 << 7),
    MODIFIED_NOW(1 << 8);

    private final int bit;

    SetattrBit(int bit) {
      this.bit = bit;
    }

    boolean in(int valid) {
      return (valid & bit) != 0;
    }
  }
}
