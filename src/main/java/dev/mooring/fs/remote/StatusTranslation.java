package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;

/**
 * What a status of the server means in errno, as far as status and operation tell. Version 3 has
 * one FAILURE for dozens of errors; {@link Refusals} asks further where that is worth it.
 */
final class StatusTranslation {
  private StatusTranslation() {}

  /** The error that the caller sees if nothing better can be found out. */
  static Errno errno(Operation operation, SftpStatus status) {
    return switch (status) {
      case NO_SUCH_FILE -> isOnHandle(operation) ? Errno.ESTALE : Errno.ENOENT;
      case PERMISSION_DENIED -> operation == Operation.SETATTR ? Errno.EPERM : Errno.EACCES;
      case BAD_MESSAGE -> Errno.EINVAL;
      case OP_UNSUPPORTED -> Errno.EOPNOTSUPP;
      case OK, EOF, FAILURE, NO_CONNECTION, CONNECTION_LOST -> Errno.EIO;
    };
  }

  /** As {@link #errno}, ready to be thrown. */
  static ErrnoException exception(Operation operation, SftpException refusal) {
    return new ErrnoException(errno(operation, refusal.status()), operation + " refused", refusal);
  }

  private static boolean isOnHandle(Operation operation) {
    return switch (operation) {
      case READ, WRITE, FSYNC, COPY -> true;
      case LOOKUP,
          GETATTR,
          SETATTR,
          TRUNCATE,
          READLINK,
          READDIR,
          OPEN,
          CREATE,
          MKDIR,
          RMDIR,
          UNLINK,
          RENAME,
          LINK,
          SYMLINK,
          STATFS ->
          false;
    };
  }
}
