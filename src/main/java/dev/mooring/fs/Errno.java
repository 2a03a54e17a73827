package dev.mooring.fs;

/**
 * The errors that a file system may answer, with Linux's numbers ({@code asm-generic/errno*.h};
 * x86-64 and aarch64 agree on all of them).
 */
public enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "no such file or directory"),
  EINTR(4, "interrupted"),
  EIO(5, "input/output error"),
  EBADF(9, "bad file descriptor"),
  EAGAIN(11, "try again"),
  ENOMEM(12, "out of memory"),
  EACCES(13, "permission denied"),
  EBUSY(16, "busy"),
  EEXIST(17, "already exists"),
  EXDEV(18, "crosses file systems"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  ENFILE(23, "too many open files"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left"),
  ESPIPE(29, "illegal seek"),
  EROFS(30, "read-only file system"),
  EMLINK(31, "too many links"),
  ERANGE(34, "out of range"),
  ENAMETOOLONG(36, "name too long"),
  ENOSYS(38, "no such call"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "too many symbolic links"),
  ENODATA(61, "no data available"),
  EPROTO(71, "protocol error"),
  EOVERFLOW(75, "value too large"),
  EILSEQ(84, "illegal byte sequence"),
  EOPNOTSUPP(95, "not supported"),
  ENOTCONN(107, "not connected"),
  ETIMEDOUT(110, "timed out"),
  ESTALE(116, "stale file handle"),
  ECANCELED(125, "cancelled");

  private final int number;
  private final String meaning;

  Errno(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The positive number; the kernel is told its negative. */
  public int number() {
    return number;
  }

  /** A few words for a person. */
  public String meaning() {
    return meaning;
  }
}
