package dev.mooring.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Mounts without being root, through the set-uid program {@code fusermount3} of the package fuse3.
 * It opens {@code /dev/fuse}, mounts, and passes the descriptor back over a socket that it finds by
 * the variable {@code _FUSE_COMMFD} (fusermount3(1)). What it has to complain about it prints
 * itself.
 */
final class Fusermount {
  private static final String PROGRAM = "fusermount3";

  private static final MethodHandle SOCKETPAIR =
      Libc.withErrno("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SPAWN =
      Libc.withErrno(
          "posix_spawnp", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle WAITPID =
      Libc.withErrno("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECVMSG =
      Libc.withErrno("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = Libc.withErrno("close", JAVA_INT, JAVA_INT);

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  /** {@code struct msghdr}: where its parts are on 64-bit Linux. */
  private static final int MSGHDR_BYTES = 56;

  private static final int MSG_VECTORS = 16;
  private static final int MSG_VECTOR_COUNT = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROL_LENGTH = 40;

  /** {@code struct cmsghdr} and one descriptor, padded. */
  private static final int CONTROL_BYTES = 24;

  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;

  private Fusermount() {}

  /** Whether the program is there. */
  static boolean isInstalled() {
    return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", 0))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
  }

  /**
   * Mounts and answers the descriptor to serve. Blocks its thread: a platform thread.
   *
   * @param options of fusermount3, separated by commas
   */
  static int mount(Path mountPoint, String options) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_STATE);
      MemorySegment pair = arena.allocate(JAVA_INT, 2);
      check(
          "socketpair", (int) SOCKETPAIR.invokeExact(state, AF_UNIX, SOCK_STREAM, 0, pair), state);
      int ours = pair.getAtIndex(JAVA_INT, 0);
      int theirs = pair.getAtIndex(JAVA_INT, 1);
      int process;
      try {
        process = spawn(arena, state, List.of("-o", options, "--", mountPoint.toString()), theirs);
      } finally {
        int _ = (int) CLOSE.invokeExact(state, theirs);
      }
      int descriptor = receive(arena, state, ours);
      int _ = (int) CLOSE.invokeExact(state, ours);
      MemorySegment status = arena.allocate(JAVA_INT);
      int _ = (int) WAITPID.invokeExact(state, process, status, 0);
      if (descriptor < 0) {
        throw new IOException(
            ("%s would not mount on %s; it has said why"
                    + " (allow_other needs user_allow_other in /etc/fuse.conf)")
                .formatted(PROGRAM, mountPoint));
      }
      return descriptor;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  private static int spawn(Arena arena, MemorySegment state, List<String> arguments, int socket)
      throws Throwable {
    List<String> words = new ArrayList<>(List.of(PROGRAM));
    words.addAll(arguments);
    List<String> variables = new ArrayList<>(List.of("_FUSE_COMMFD=" + socket));
    for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
      variables.add(variable.getKey() + "=" + variable.getValue());
    }
    MemorySegment process = arena.allocate(JAVA_INT);
    int errno =
        (int)
            SPAWN.invokeExact(
                state,
                process,
                arena.allocateFrom(PROGRAM),
                MemorySegment.NULL,
                MemorySegment.NULL,
                strings(arena, words),
                strings(arena, variables));
    if (errno != 0) {
      throw new SyscallException("start " + PROGRAM, errno);
    }
    return process.get(JAVA_INT, 0);
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return array;
  }

  /** The descriptor that comes with one byte; -1 when the other side closes without it. */
  private static int receive(Arena arena, MemorySegment state, int socket) throws Throwable {
    MemorySegment vector = arena.allocate(2L * Long.BYTES, Long.BYTES);
    vector.set(ADDRESS, 0, arena.allocate(1));
    vector.set(JAVA_LONG, Long.BYTES, 1);
    MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    MemorySegment message = arena.allocate(MSGHDR_BYTES, Long.BYTES);
    message.set(ADDRESS, MSG_VECTORS, vector);
    message.set(JAVA_LONG, MSG_VECTOR_COUNT, 1);
    message.set(ADDRESS, MSG_CONTROL, control);
    message.set(JAVA_LONG, MSG_CONTROL_LENGTH, CONTROL_BYTES);
    long received = (long) RECVMSG.invokeExact(state, socket, message, MSG_CMSG_CLOEXEC);
    if (received <= 0 || control.get(JAVA_INT, CONTROL_TYPE) != SCM_RIGHTS) {
      return -1;
    }
    return control.get(JAVA_INT, CONTROL_DATA);
  }

  private static void check(String call, int result, MemorySegment state) throws IOException {
    if (result < 0) {
      throw new SyscallException(call, Libc.errno(state));
    }
  }

  /** Unmounts lazily, as {@link MountSyscalls#detach}. */
  static void unmount(Path mountPoint) throws IOException {
    try {
      Process process =
          new ProcessBuilder(PROGRAM, "-u", "-z", "--", mountPoint.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (process.waitFor() != 0) {
        throw new IOException(PROGRAM + " would not unmount " + mountPoint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + mountPoint, e);
    }
  }
}
