package dev.mooring.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * mount(2) and umount2(2). Any thread may call, virtual ones included: the calls run on platform
 * threads. Failures are {@link SyscallException}.
 */
public final class MountSyscalls {
  private static final MethodHandle MOUNT =
      Libc.withErrno("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle UMOUNT2 =
      Libc.withErrno("umount2", JAVA_INT, ADDRESS, JAVA_INT);

  private static final int MNT_FORCE = 1;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  private MountSyscalls() {}

  /**
   * mount(2).
   *
   * @param data options for the file system itself, separated by commas; may be empty
   */
  public static void mount(
      String source, Path target, String type, Set<MountFlag> flags, String data)
      throws IOException {
    run(
        "mount " + source + " on " + target,
        (arena, state) ->
            (int)
                MOUNT.invokeExact(
                    state,
                    arena.allocateFrom(source),
                    arena.allocateFrom(target.toString()),
                    arena.allocateFrom(type),
                    MountFlag.bits(flags),
                    arena.allocateFrom(data)));
  }

  /** Shows {@code source}, and what is mounted below it, at {@code target} too. */
  public static void bind(Path source, Path target) throws IOException {
    change(source.toString(), target, EnumSet.of(MountFlag.BIND, MountFlag.RECURSIVE));
  }

  /**
   * Changes a mount without a new file system: its propagation ({@link MountFlag#PRIVATE}, {@link
   * MountFlag#SHARED}, ...) or, with {@link MountFlag#REMOUNT} and {@link MountFlag#BIND}, its
   * flags.
   */
  public static void change(Path target, Set<MountFlag> flags) throws IOException {
    change("none", target, flags);
  }

  private static void change(String source, Path target, Set<MountFlag> flags) throws IOException {
    mount(source, target, "none", flags, "");
  }

  /**
   * Takes the topmost mount at {@code target} out of sight at once; what has it open may go on.
   *
   * @throws SyscallException EINVAL when nothing is mounted there
   */
  public static void detach(Path target) throws IOException {
    unmount(target, MNT_DETACH);
  }

  /** Unmounts. Throws EBUSY when something has it open. */
  public static void unmount(Path target) throws IOException {
    unmount(target, 0);
  }

  /** Unmounts, and aborts what waits for the file system even when that ends with EBUSY. */
  public static void force(Path target) throws IOException {
    unmount(target, MNT_FORCE);
  }

  private static void unmount(Path target, int flags) throws IOException {
    run(
        "unmount " + target,
        (arena, state) ->
            (int)
                UMOUNT2.invokeExact(
                    state, arena.allocateFrom(target.toString()), flags | UMOUNT_NOFOLLOW));
  }

  @FunctionalInterface
  private interface NativeCall {
    int run(Arena arena, MemorySegment state) throws Throwable;
  }

  private static void run(String what, NativeCall call) throws IOException {
    int errno = PlatformThread.call("mount", () -> errnoOf(call));
    if (errno != 0) {
      throw new SyscallException(what, errno);
    }
  }

  private static int errnoOf(NativeCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_STATE);
      return call.run(arena, state) == 0 ? 0 : Libc.errno(state);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }
}
