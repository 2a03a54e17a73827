package dev.mooring.simulation;

/** What a step can do: a system call, or a few in a row. */
enum Verb {
  OPEN(Subject.PATH),
  CLOSE(Subject.DESCRIPTOR),
  /** All of an open file. */
  READ(Subject.DESCRIPTOR),
  /** A part of an open file. */
  PREAD(Subject.DESCRIPTOR),
  WRITE(Subject.DESCRIPTOR),
  FSTAT(Subject.DESCRIPTOR),
  FSYNC(Subject.DESCRIPTOR),
  SYNCFS(Subject.DESCRIPTOR),
  FTRUNCATE(Subject.DESCRIPTOR),
  FUTIMENS(Subject.DESCRIPTOR),
  FALLOCATE(Subject.DESCRIPTOR),
  /** Copies from one open file of the caller to another. */
  COPY(Subject.DESCRIPTOR),
  STAT(Subject.PATH),
  LSTAT(Subject.PATH),
  READDIR(Subject.PATH),
  READLINK(Subject.PATH),
  /** All of a file: open, read, close. */
  GET(Subject.PATH),
  /** A whole file: open, write, close. */
  PUT(Subject.PATH),
  MKDIR(Subject.PATH),
  RMDIR(Subject.PATH),
  UNLINK(Subject.PATH),
  RENAME(Subject.TWO_PATHS),
  NOREPLACE(Subject.TWO_PATHS),
  LINK(Subject.TWO_PATHS),
  /** A link at the path to what is other. */
  SYMLINK(Subject.TWO_PATHS),
  CHMOD(Subject.PATH),
  LCHOWN(Subject.PATH),
  TRUNCATE(Subject.PATH),
  UTIMENSAT(Subject.PATH),
  /** Lets between a millisecond and eight seconds pass. */
  SLEEP(Subject.NOTHING);

  /** What a step is about. */
  enum Subject {
    NOTHING,
    PATH,
    TWO_PATHS,
    DESCRIPTOR
  }

  private final Subject subject;

  Verb(Subject subject) {
    this.subject = subject;
  }

  Subject subject() {
    return subject;
  }
}
