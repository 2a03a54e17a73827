package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.RemoteStatistics;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a refusal meant by asking the server once more, which costs a round trip only when
 * something failed anyway.
 */
final class Refusals {
  /** Listings have handles too, and so have files that are just being closed. */
  private static final int HANDLES_BESIDE_FILES = 16;

  private static final int STICKY = 01000;
  private static final int ANYBODY_WRITES = 0002;

  private final SftpClient client;
  private final Wire wire;
  private final IntSupplier openFiles;

  /**
   * Asks with these.
   *
   * @param openFiles how many files are open on the server
   */
  Refusals(SftpClient client, Wire wire, IntSupplier openFiles) {
    this.client = client;
    this.wire = wire;
    this.openFiles = openFiles;
  }

  /** Of a request on one path that makes nothing. */
  ErrnoException onPath(
      Operation operation, SftpException refusal, RemotePath path, Caller caller) {
    return switch (refusal.status()) {
      case FAILURE -> because(refusal, space(path, caller));
      case PERMISSION_DENIED ->
          changes(operation) && isReadOnly(path, caller)
              ? because(refusal, Errno.EROFS)
              : StatusTranslation.exception(operation, refusal);
      case BAD_MESSAGE -> because(refusal, badMessage(directoryOf(path), path, caller));
      case OK, EOF, NO_SUCH_FILE, NO_CONNECTION, CONNECTION_LOST, OP_UNSUPPORTED ->
          StatusTranslation.exception(operation, refusal);
    };
  }

  /** Of a request that makes a name: it may exist already, or the disk may be full. */
  ErrnoException ofMaking(
      Operation operation, SftpException refusal, RemotePath dir, RemotePath path, Caller caller) {
    if (refusal.status() == SftpStatus.FAILURE) {
      boolean exists = typeAt(path, caller) != null;
      if (!exists && operation == Operation.CREATE && hasTooManyOpen()) {
        return because(refusal, Errno.ENFILE);
      }
      return because(refusal, exists ? Errno.EEXIST : space(dir, caller));
    }
    if (refusal.status() == SftpStatus.BAD_MESSAGE) {
      return because(refusal, badMessage(dir, path, caller));
    }
    return notADirectory(dir, refusal, caller)
        ? because(refusal, Errno.ENOTDIR)
        : onPath(operation, refusal, dir, caller);
  }

  /**
   * Of OPEN of a path that was there. If it is gone, ESTALE makes the kernel look the name up once
   * more, so that an open that may create does not fail because others have just removed the file.
   */
  ErrnoException ofOpening(SftpException refusal, RemotePath path, Caller caller) {
    if (refusal.status() == SftpStatus.NO_SUCH_FILE) {
      return because(refusal, Errno.ESTALE);
    }
    if (refusal.status() == SftpStatus.FAILURE && typeAt(path, caller) == FileType.DIRECTORY) {
      return because(refusal, Errno.EISDIR);
    }
    return refusal.status() == SftpStatus.FAILURE && hasTooManyOpen()
        ? because(refusal, Errno.ENFILE)
        : onPath(Operation.OPEN, refusal, path, caller);
  }

  /** Whether the server's process has as many handles as it says that it can have. */
  private boolean hasTooManyOpen() {
    int most = client.limits().maxHandles();
    return most > 0 && openFiles.getAsInt() >= most - HANDLES_BESIDE_FILES;
  }

  /** Of REMOVE. */
  ErrnoException ofUnlinking(SftpException refusal, RemotePath path, Caller caller) {
    if (refusal.status() != SftpStatus.NO_SUCH_FILE && typeAt(path, caller) == FileType.DIRECTORY) {
      return because(refusal, Errno.EISDIR);
    }
    return refusal.status() == SftpStatus.FAILURE
        ? because(refusal, readOnlyOr(Errno.EBUSY, path, caller))
        : ofRemovingFrom(directoryOf(path), Operation.UNLINK, refusal, path, caller);
  }

  /** In a sticky directory that everybody may write to, only owners may not remove: EPERM. */
  private ErrnoException ofRemovingFrom(
      RemotePath dir, Operation operation, SftpException refusal, RemotePath path, Caller caller) {
    ErrnoException otherwise = onPath(operation, refusal, path, caller);
    return otherwise.errno() == Errno.EACCES && isForOwnersOnly(dir, caller)
        ? because(refusal, Errno.EPERM)
        : otherwise;
  }

  private boolean isForOwnersOnly(RemotePath dir, Caller caller) {
    RemoteAttributes found = lookAt(dir, caller);
    Integer mode = found == null ? null : found.mode();
    return mode != null && (mode & STICKY) != 0 && (mode & ANYBODY_WRITES) != 0;
  }

  /** Of RMDIR. */
  ErrnoException ofRmdir(SftpException refusal, RemotePath path, Caller caller) {
    boolean unclear =
        refusal.status() == SftpStatus.FAILURE || refusal.status() == SftpStatus.NO_SUCH_FILE;
    FileType type = unclear ? typeAt(path, caller) : null;
    if (type != null && type != FileType.DIRECTORY) {
      return because(refusal, Errno.ENOTDIR);
    }
    return refusal.status() == SftpStatus.FAILURE
        ? because(refusal, readOnlyOr(Errno.ENOTEMPTY, path, caller))
        : ofRemovingFrom(directoryOf(path), Operation.RMDIR, refusal, path, caller);
  }

  /** Of renaming over whatever is at {@code to}. */
  ErrnoException ofRenaming(SftpException refusal, RemotePath from, RemotePath to, Caller caller) {
    boolean unclear =
        refusal.status() == SftpStatus.FAILURE || refusal.status() == SftpStatus.NO_SUCH_FILE;
    if (!unclear) {
      ErrnoException there = ofRemovingFrom(directoryOf(to), Operation.RENAME, refusal, to, caller);
      return there.errno() == Errno.EACCES
          ? ofRemovingFrom(directoryOf(from), Operation.RENAME, refusal, to, caller)
          : there;
    }
    FileType source = typeAt(from, caller);
    FileType target = typeAt(to, caller);
    Errno clash = source == null || target == null ? null : clash(from, source, to, target);
    if (clash == Errno.ENOTEMPTY && source == FileType.DIRECTORY) {
      return because(refusal, overDirectory(from, to, caller));
    }
    if (clash != null) {
      return because(refusal, clash);
    }
    return refusal.status() == SftpStatus.FAILURE
        ? because(refusal, acrossOr(from, to, caller))
        : StatusTranslation.exception(Operation.RENAME, refusal);
  }

  /** Why one cannot replace the other, in Linux's order; null when both are files. */
  static @Nullable Errno clash(RemotePath from, FileType source, RemotePath to, FileType target) {
    if (isBelow(to, from)) {
      return Errno.EINVAL;
    }
    if (target == FileType.DIRECTORY) {
      boolean replaceable = source == FileType.DIRECTORY || isBelow(from, to);
      return replaceable ? Errno.ENOTEMPTY : Errno.EISDIR;
    }
    return source == FileType.DIRECTORY ? Errno.ENOTDIR : null;
  }

  private static boolean isBelow(RemotePath path, RemotePath dir) {
    int length = dir.length();
    return path.length() > length
        && path.bytes().get(length) == '/'
        && path.bytes().slice(0, length).equals(dir.bytes().slice(0, length));
  }

  /** Of giving {@code from} the further name {@code to}. */
  ErrnoException ofLinking(SftpException refusal, RemotePath from, RemotePath to, Caller caller) {
    if (refusal.status() == SftpStatus.FAILURE) {
      boolean exists = typeAt(to, caller) != null;
      return because(refusal, exists ? Errno.EEXIST : acrossOr(from, to, caller));
    }
    if (refusal.status() == SftpStatus.PERMISSION_DENIED
        && typeAt(from, caller) == FileType.DIRECTORY) {
      return because(refusal, Errno.EPERM);
    }
    return ofMaking(Operation.LINK, refusal, directoryOf(to), to, caller);
  }

  private boolean notADirectory(RemotePath dir, SftpException refusal, Caller caller) {
    if (refusal.status() != SftpStatus.NO_SUCH_FILE) {
      return false;
    }
    FileType type = typeAt(dir, caller);
    return type != null && type != FileType.DIRECTORY;
  }

  private Errno badMessage(RemotePath dir, RemotePath path, Caller caller) {
    RemoteStatistics room = statistics(dir, caller);
    int name = path.length() - dir.length() - 1;
    boolean tooLong =
        path.length() > TargetBytes.MAX_BYTES || (room != null && name > room.maxNameBytes());
    return tooLong ? Errno.ENAMETOOLONG : Errno.EINVAL;
  }

  private @Nullable FileType typeAt(RemotePath path, Caller caller) {
    RemoteAttributes found = lookAt(path, caller);
    return found == null ? null : AttributeView.typeOf(found);
  }

  private @Nullable RemoteAttributes lookAt(RemotePath path, Caller caller) {
    try {
      return wire.get(Operation.LOOKUP, client.lstat(path), caller);
    } catch (ErrnoException _) {
      // A probe that fails tells nothing; the refusal stands as it is.
      return null;
    }
  }

  private @Nullable RemoteStatistics statistics(RemotePath path, Caller caller) {
    if (!client.extensions().contains(Extension.STATVFS)) {
      return null;
    }
    try {
      return wire.get(Operation.STATFS, client.statvfs(path), caller);
    } catch (ErrnoException _) {
      // As above.
      return null;
    }
  }

  private Errno space(RemotePath path, Caller caller) {
    return full(statistics(path, caller));
  }

  /** What the state of a file system explains a failure with. */
  static Errno full(@Nullable RemoteStatistics room) {
    if (room == null) {
      return Errno.EIO;
    }
    if ((room.flags() & RemoteStatistics.READ_ONLY) != 0) {
      return Errno.EROFS;
    }
    boolean noFiles = room.files() > 0 && room.availableFiles() == 0;
    return room.availableBlocks() == 0 || noFiles ? Errno.ENOSPC : Errno.EIO;
  }

  private static boolean changes(Operation operation) {
    return switch (operation) {
      case LOOKUP, GETATTR, READLINK, READDIR, READ, STATFS -> false;
      case SETATTR,
          TRUNCATE,
          OPEN,
          CREATE,
          WRITE,
          FSYNC,
          MKDIR,
          RMDIR,
          UNLINK,
          RENAME,
          LINK,
          SYMLINK,
          COPY ->
          true;
    };
  }

  /**
   * Whether nothing at all can be changed there. OpenSSH's server announces none of the extensions
   * that change something when it runs with -R, and is older than any that has no posix-rename.
   */
  private boolean isReadOnly(RemotePath path, Caller caller) {
    if (client.extensions().contains(Extension.STATVFS)
        && !client.extensions().contains(Extension.POSIX_RENAME)
        && !client.extensions().contains(Extension.HARDLINK)) {
      return true;
    }
    RemoteStatistics room = statistics(path, caller);
    return room != null && (room.flags() & RemoteStatistics.READ_ONLY) != 0;
  }

  private Errno readOnlyOr(Errno otherwise, RemotePath path, Caller caller) {
    return isReadOnly(directoryOf(path), caller) ? Errno.EROFS : otherwise;
  }

  private Errno overDirectory(RemotePath from, RemotePath to, Caller caller) {
    Errno found = acrossOr(from, to, caller);
    // A full disk is no reason for this.
    return found == Errno.EXDEV || found == Errno.EROFS ? found : Errno.ENOTEMPTY;
  }

  private Errno acrossOr(RemotePath from, RemotePath to, Caller caller) {
    RemoteStatistics here = statistics(directoryOf(from), caller);
    RemoteStatistics there = statistics(directoryOf(to), caller);
    boolean across = here != null && there != null && here.fileSystemId() != there.fileSystemId();
    return across ? Errno.EXDEV : full(there);
  }

  private static RemotePath directoryOf(RemotePath path) {
    byte[] bytes = new byte[path.length()];
    path.bytes().get(bytes);
    int end = bytes.length - 1;
    while (end > 0 && bytes[end] != '/') {
      end--;
    }
    return RemotePath.of(Arrays.copyOf(bytes, Math.max(end, bytes[0] == '/' ? 1 : 0)));
  }

  private static ErrnoException because(SftpException refusal, Errno errno) {
    return new ErrnoException(errno, "the server answered " + refusal.status(), refusal);
  }
}
