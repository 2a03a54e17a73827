package dev.mooring.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library through {@code java.lang.foreign}. A native call pins its virtual thread's carrier,
 * so whatever may block belongs on a platform thread: see {@link PlatformThread}.
 */
public final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();

  /** The layout of the segment that a handle of {@link #withErrno} wants as its first argument. */
  public static final StructLayout ERRNO_STATE = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO = ERRNO_STATE.varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle STRERROR_R =
      LINKER.downcallHandle(
          SYMBOLS.findOrThrow("__xpg_strerror_r"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));

  private Libc() {}

  /**
   * A function of the C library. The handle takes a segment of {@link #ERRNO_STATE} before the
   * function's own arguments; {@link #errno} reads it after a failure.
   */
  public static MethodHandle withErrno(
      String function, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        SYMBOLS.findOrThrow(function),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** The error number that the last call with this state left. */
  public static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /** The C library's words for an error number, with the number: {@code Device busy (errno 16)}. */
  public static String describe(int errno) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(256);
      int failed = (int) STRERROR_R.invokeExact(errno, text, text.byteSize());
      return (failed == 0 ? text.getString(0) : "unknown error") + " (errno " + errno + ")";
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What a method handle may declare and a call of the C library never throws. */
  public static IllegalStateException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    return new IllegalStateException("a call of the C library threw", thrown);
  }
}
