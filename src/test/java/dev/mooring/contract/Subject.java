package dev.mooring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The file system under test, empty when a test begins, and a few words to speak to it. */
interface Subject {
  TimeChange KEEP = new TimeChange.Keep();
  TimeChange NOW = new TimeChange.Now();

  /** Its system calls. */
  Posix posix();

  /** Whether it cannot do this. */
  boolean lacks(Capability capability);

  /** Makes the file, or replaces what is in it. */
  default void write(String path, String content) throws ErrnoException {
    int file = posix().open(path, 0644, Posix.Flag.WRITE, Posix.Flag.CREATE, Posix.Flag.TRUNCATE);
    pwrite(file, content, 0);
    posix().close(file);
  }

  /** Writes all of it. */
  default void pwrite(int descriptor, String content, long offset) throws ErrnoException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(posix().pwrite(descriptor, bytes, offset)).isEqualTo(bytes.length);
  }

  /** What is in the file. */
  default String content(String path) throws ErrnoException {
    int file = posix().open(path, 0, Posix.Flag.READ);
    try {
      return content(file);
    } finally {
      posix().close(file);
    }
  }

  /** What is in the open file, up to 1 MiB. */
  default String content(int descriptor) throws ErrnoException {
    return new String(posix().pread(descriptor, 1 << 20, 0), StandardCharsets.ISO_8859_1);
  }

  /** Opens for reading and writing. */
  default int openBoth(String path) throws ErrnoException {
    return posix().open(path, 0644, Posix.Flag.READ, Posix.Flag.WRITE, Posix.Flag.CREATE);
  }

  /** rename(2). */
  default void rename(String from, String to) throws ErrnoException {
    posix().rename(from, to, RenameFlags.REPLACE);
  }

  /** Gives a file another name; false where there can be none, having seen how it is refused. */
  default boolean linked(String existing, String link) throws ErrnoException {
    if (lacks(Capability.HARD_LINKS)) {
      assertFails(Errno.EOPNOTSUPP, () -> posix().link(existing, link));
      return false;
    }
    posix().link(existing, link);
    return true;
  }

  /** Sets both times. */
  default void setTimes(String path, long accessed, long modified) throws ErrnoException {
    posix().utimensat(path, new TimeChange.Set(accessed), new TimeChange.Set(modified));
  }

  /** Whether there is something, a dangling link included. */
  default boolean exists(String path) throws ErrnoException {
    try {
      posix().lstat(path);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** The call fails with this error and no other. */
  default void assertFails(Errno errno, ThrowingCallable call) {
    Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }
}
