package dev.mooring.contract;

import static dev.mooring.contract.Syscalls.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.Statistics;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * System calls below a directory, through the C library: java.nio can say neither UTIME_OMIT nor
 * renameat2(2) nor a name that is not text. Structures are those of 64-bit Linux, where x86-64 and
 * aarch64 agree on all that are used here. To be called on platform threads.
 */
public final class SyscallPosix implements Posix {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_TRUNC = 01000;
  private static final int O_APPEND = 02000;
  private static final int O_CLOEXEC = 02000000;
  private static final int UMASK = 022;
  private static final int MAX_TARGET_BYTES = 4096;

  /** Room for about ten short names, so that a directory is read in many steps. */
  private static final int DIRECTORY_BUFFER_BYTES = 320;

  private final String root;
  private final Closeable afterwards;
  private final Set<Integer> descriptors = ConcurrentHashMap.newKeySet();

  /**
   * Everything below this directory; sets the umask of this process.
   *
   * @param afterwards ends what serves it, and checks that nothing is left
   */
  public SyscallPosix(Path root, Closeable afterwards) throws ErrnoException {
    this.afterwards = afterwards;
    this.root = Posix.utf8(root.toString());
    check("umask", (_, state) -> (int) Syscalls.UMASK.invokeExact(state, UMASK));
  }

  @Override
  public int open(String path, int permissions, Flag... flags) throws ErrnoException {
    int bits = bits(Set.of(flags));
    int descriptor =
        (int)
            on(
                "open",
                path,
                (state, name) -> (int) Syscalls.OPEN.invokeExact(state, name, bits, permissions));
    descriptors.add(descriptor);
    return descriptor;
  }

  private static int bits(Set<Flag> flags) {
    int access = flags.contains(Flag.WRITE) ? (flags.contains(Flag.READ) ? 2 : 1) : 0;
    return access
        | O_CLOEXEC
        | (flags.contains(Flag.CREATE) ? O_CREAT : 0)
        | (flags.contains(Flag.EXCLUSIVE) ? O_EXCL : 0)
        | (flags.contains(Flag.TRUNCATE) ? O_TRUNC : 0)
        | (flags.contains(Flag.APPEND) ? O_APPEND : 0);
  }

  @Override
  public byte[] pread(int descriptor, int count, long offset) throws ErrnoException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(count);
    while (all.size() < count) {
      byte[] part = preadOnce(descriptor, count - all.size(), offset + all.size());
      if (part.length == 0) {
        break;
      }
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] preadOnce(int descriptor, int count, long offset) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(count);
      long read =
          check(
              "pread",
              (_, state) ->
                  (long)
                      Syscalls.PREAD.invokeExact(state, descriptor, buffer, (long) count, offset));
      return buffer.asSlice(0, read).toArray(JAVA_BYTE);
    }
  }

  @Override
  public int pwrite(int descriptor, byte[] bytes, long offset) throws ErrnoException {
    return (int)
        check(
            "pwrite",
            (arena, state) ->
                (long)
                    Syscalls.PWRITE.invokeExact(
                        state,
                        descriptor,
                        arena.allocateFrom(JAVA_BYTE, bytes),
                        (long) bytes.length,
                        offset));
  }

  @Override
  public void close(int descriptor) throws ErrnoException {
    descriptors.remove(descriptor);
    check("close", (_, state) -> (int) Syscalls.CLOSE.invokeExact(state, descriptor));
  }

  @Override
  public void fsync(int descriptor) throws ErrnoException {
    check("fsync", (_, state) -> (int) Syscalls.FSYNC.invokeExact(state, descriptor));
  }

  @Override
  public void syncfs(int descriptor) throws ErrnoException {
    check("syncfs", (_, state) -> (int) Syscalls.SYNCFS.invokeExact(state, descriptor));
  }

  @Override
  public Attributes stat(String path) throws ErrnoException {
    return statx(AT_FDCWD, absolute(path), 0);
  }

  @Override
  public Attributes lstat(String path) throws ErrnoException {
    return statx(AT_FDCWD, absolute(path), AT_SYMLINK_NOFOLLOW);
  }

  @Override
  public Attributes fstat(int descriptor) throws ErrnoException {
    return statx(descriptor, "", AT_EMPTY_PATH);
  }

  /** statx(2), whose structure is the same on every architecture. */
  private static Attributes statx(int directory, String path, int flags) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(Structures.STATX_BYTES, 8);
      check(
          "statx " + path,
          (inner, state) ->
              (int)
                  Syscalls.STATX.invokeExact(
                      state, directory, bytes(inner, path), flags, STATX_BASIC_STATS, statx));
      return Structures.attributes(statx);
    }
  }

  @Override
  public void mkdir(String path, int permissions) throws ErrnoException {
    on("mkdir", path, (state, name) -> (int) Syscalls.MKDIR.invokeExact(state, name, permissions));
  }

  @Override
  public void mkfifo(String path, int permissions) throws ErrnoException {
    on(
        "mkfifo",
        path,
        (state, name) -> (int) Syscalls.MKFIFO.invokeExact(state, name, permissions));
  }

  @Override
  public void rmdir(String path) throws ErrnoException {
    on("rmdir", path, (state, name) -> (int) Syscalls.RMDIR.invokeExact(state, name));
  }

  @Override
  public void unlink(String path) throws ErrnoException {
    on("unlink", path, (state, name) -> (int) Syscalls.UNLINK.invokeExact(state, name));
  }

  @Override
  public void rename(String from, String to, RenameFlags flags) throws ErrnoException {
    int bits =
        switch (flags) {
          case REPLACE -> 0;
          case NO_REPLACE -> 1;
          case EXCHANGE -> 2;
        };
    check(
        "rename " + from + " to " + to,
        (arena, state) ->
            (int)
                Syscalls.RENAMEAT2.invokeExact(
                    state,
                    AT_FDCWD,
                    bytes(arena, absolute(from)),
                    AT_FDCWD,
                    bytes(arena, absolute(to)),
                    bits));
  }

  @Override
  public void link(String existing, String path) throws ErrnoException {
    check(
        "link " + path,
        (arena, state) ->
            (int)
                Syscalls.LINKAT.invokeExact(
                    state,
                    AT_FDCWD,
                    bytes(arena, absolute(existing)),
                    AT_FDCWD,
                    bytes(arena, absolute(path)),
                    0));
  }

  @Override
  public void symlink(String target, String path) throws ErrnoException {
    check(
        "symlink " + path,
        (arena, state) ->
            (int)
                Syscalls.SYMLINK.invokeExact(
                    state, bytes(arena, target), bytes(arena, absolute(path))));
  }

  @Override
  public String readlink(String path) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(MAX_TARGET_BYTES);
      long length =
          on(
              "readlink",
              path,
              (state, name) ->
                  (long)
                      Syscalls.READLINK.invokeExact(state, name, target, (long) MAX_TARGET_BYTES));
      return text(target.asSlice(0, length));
    }
  }

  @Override
  public void chmod(String path, int permissions) throws ErrnoException {
    on("chmod", path, (state, name) -> (int) Syscalls.CHMOD.invokeExact(state, name, permissions));
  }

  @Override
  public void lchown(String path, int uid, int gid) throws ErrnoException {
    on("lchown", path, (state, name) -> (int) Syscalls.LCHOWN.invokeExact(state, name, uid, gid));
  }

  @Override
  public void truncate(String path, long size) throws ErrnoException {
    on("truncate", path, (state, name) -> (int) Syscalls.TRUNCATE.invokeExact(state, name, size));
  }

  @Override
  public void ftruncate(int descriptor, long size) throws ErrnoException {
    check("ftruncate", (_, state) -> (int) Syscalls.FTRUNCATE.invokeExact(state, descriptor, size));
  }

  @Override
  public void utimensat(String path, TimeChange accessed, TimeChange modified)
      throws ErrnoException {
    check(
        "utimensat " + path,
        (arena, state) ->
            (int)
                Syscalls.UTIMENSAT.invokeExact(
                    state,
                    AT_FDCWD,
                    bytes(arena, absolute(path)),
                    Structures.times(arena, accessed, modified),
                    AT_SYMLINK_NOFOLLOW));
  }

  @Override
  public void futimens(int descriptor, TimeChange accessed, TimeChange modified)
      throws ErrnoException {
    check(
        "futimens",
        (arena, state) ->
            (int)
                Syscalls.FUTIMENS.invokeExact(
                    state, descriptor, Structures.times(arena, accessed, modified)));
  }

  @Override
  public void readdir(String path, Predicate<String> visit) throws ErrnoException {
    int descriptor = open(path, 0, Flag.READ);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate(DIRECTORY_BUFFER_BYTES, 8);
      boolean goOn = true;
      while (goOn) {
        long length =
            check(
                "getdents64 " + path,
                (_, state) ->
                    (long)
                        Syscalls.GETDENTS64.invokeExact(
                            state, descriptor, entries, (long) DIRECTORY_BUFFER_BYTES));
        goOn = length > 0 && Structures.visitNames(entries.asSlice(0, length), visit);
      }
    } finally {
      close(descriptor);
    }
  }

  @Override
  public Statistics statvfs(String path) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statvfs = arena.allocate(Structures.STATVFS_BYTES, 8);
      on(
          "statvfs",
          path,
          (state, name) -> (int) Syscalls.STATVFS.invokeExact(state, name, statvfs));
      return Structures.statistics(statvfs);
    }
  }

  @Override
  public void fallocate(int descriptor, long offset, long length) throws ErrnoException {
    check(
        "fallocate",
        (_, state) -> (int) Syscalls.FALLOCATE.invokeExact(state, descriptor, 0, offset, length));
  }

  @Override
  public long copyFileRange(int from, long fromOffset, int to, long toOffset, long length)
      throws ErrnoException {
    return check(
        "copy_file_range",
        (arena, state) ->
            (long)
                Syscalls.COPY_FILE_RANGE.invokeExact(
                    state,
                    from,
                    arena.allocateFrom(JAVA_LONG, fromOffset),
                    to,
                    arena.allocateFrom(JAVA_LONG, toOffset),
                    length,
                    0));
  }

  @Override
  public void close() throws IOException {
    afterwards.close();
    if (!descriptors.isEmpty()) {
      throw new AssertionError("descriptors still open: " + descriptors);
    }
  }

  /** A call with one path. */
  private interface CallWithPath {
    long run(MemorySegment state, MemorySegment path) throws Throwable;
  }

  private long on(String verb, String path, CallWithPath call) throws ErrnoException {
    return check(
        verb + " " + path, (arena, state) -> call.run(state, bytes(arena, absolute(path))));
  }

  private String absolute(String path) {
    return path.isEmpty() ? root : root + "/" + path;
  }

  private static MemorySegment bytes(Arena arena, String path) {
    return arena.allocateFrom(path, StandardCharsets.ISO_8859_1);
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }
}
