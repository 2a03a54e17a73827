package dev.mooring.contract;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fuse.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** The C library's functions that {@link SyscallPosix} calls, and how they fail. */
final class Syscalls {
  static final MethodHandle OPEN = returningInt("open", ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle CLOSE = returningInt("close", JAVA_INT);
  static final MethodHandle PREAD = returningLong("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  static final MethodHandle PWRITE =
      returningLong("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  static final MethodHandle FSYNC = returningInt("fsync", JAVA_INT);
  static final MethodHandle SYNCFS = returningInt("syncfs", JAVA_INT);
  static final MethodHandle STATX =
      returningInt("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  static final MethodHandle MKDIR = returningInt("mkdir", ADDRESS, JAVA_INT);
  static final MethodHandle MKFIFO = returningInt("mkfifo", ADDRESS, JAVA_INT);
  static final MethodHandle RMDIR = returningInt("rmdir", ADDRESS);
  static final MethodHandle UNLINK = returningInt("unlink", ADDRESS);
  static final MethodHandle RENAMEAT2 =
      returningInt("renameat2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  static final MethodHandle LINKAT =
      returningInt("linkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  static final MethodHandle SYMLINK = returningInt("symlink", ADDRESS, ADDRESS);
  static final MethodHandle READLINK = returningLong("readlink", ADDRESS, ADDRESS, JAVA_LONG);
  static final MethodHandle CHMOD = returningInt("chmod", ADDRESS, JAVA_INT);
  static final MethodHandle LCHOWN = returningInt("lchown", ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle TRUNCATE = returningInt("truncate", ADDRESS, JAVA_LONG);
  static final MethodHandle FTRUNCATE = returningInt("ftruncate", JAVA_INT, JAVA_LONG);
  static final MethodHandle UTIMENSAT =
      returningInt("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  static final MethodHandle FUTIMENS = returningInt("futimens", JAVA_INT, ADDRESS);
  static final MethodHandle GETDENTS64 = returningLong("getdents64", JAVA_INT, ADDRESS, JAVA_LONG);
  static final MethodHandle STATVFS = returningInt("statvfs", ADDRESS, ADDRESS);
  static final MethodHandle FALLOCATE =
      returningInt("fallocate", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  static final MethodHandle COPY_FILE_RANGE =
      returningLong("copy_file_range", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  static final MethodHandle UMASK = Libc.withErrno("umask", JAVA_INT, JAVA_INT);

  private Syscalls() {}

  private static MethodHandle returningInt(String function, MemoryLayout... arguments) {
    return Libc.withErrno(function, JAVA_INT, arguments);
  }

  private static MethodHandle returningLong(String function, MemoryLayout... arguments) {
    return Libc.withErrno(function, JAVA_LONG, arguments);
  }

  /** One call; {@code state} receives its errno. */
  @FunctionalInterface
  interface Call {
    long run(Arena arena, MemorySegment state) throws Throwable;
  }

  /** Makes a call whose result is negative exactly when it fails. */
  static long check(String what, Call call) throws ErrnoException {
    int number;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_STATE);
      long result = call.run(arena, state);
      if (result >= 0) {
        return result;
      }
      number = Libc.errno(state);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
    throw new ErrnoException(named(what, number), what);
  }

  private static Errno named(String what, int number) {
    return Arrays.stream(Errno.values())
        .filter(errno -> errno.number() == number)
        .findAny()
        .orElseThrow(() -> new AssertionError(what + ": " + Libc.describe(number)));
  }
}
