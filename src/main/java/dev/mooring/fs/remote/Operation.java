package dev.mooring.fs.remote;

/** What was asked of the server: one status means different errors for different requests. */
enum Operation {
  LOOKUP,
  GETATTR,
  SETATTR,
  TRUNCATE,
  READLINK,
  READDIR,
  OPEN,
  CREATE,
  READ,
  WRITE,
  FSYNC,
  MKDIR,
  RMDIR,
  UNLINK,
  RENAME,
  LINK,
  SYMLINK,
  STATFS,
  COPY
}
