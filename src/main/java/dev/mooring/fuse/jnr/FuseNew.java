package dev.mooring.fuse.jnr;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.mooring.fuse.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * {@code fuse_new} of libfuse 2.6 and later. The library has four functions of that name, and one
 * with other parameters is what a search without a version finds; so it is searched with dlvsym(3).
 */
final class FuseNew {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final int RTLD_NOW = 2;

  private FuseNew() {}

  /**
   * A file system on a channel.
   *
   * @param options for libfuse, separated by commas
   */
  static Pointer call(Pointer channel, Callbacks callbacks, String options) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fuse =
          (MemorySegment)
              function(arena)
                  .invokeExact(
                      MemorySegment.ofAddress(channel.address()),
                      arguments(arena, List.of("mooring", "-o" + options)),
                      MemorySegment.ofAddress(callbacks.memory().address()),
                      (long) callbacks.size(),
                      MemorySegment.NULL);
      if (fuse.address() == 0) {
        throw new IOException("libfuse refuses its options; its reason is on standard error");
      }
      return Pointer.wrap(Runtime.getSystemRuntime(), fuse.address());
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  private static MethodHandle function(Arena arena) throws Throwable {
    MethodHandle dlopen = handle("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    MethodHandle dlvsym =
        handle("dlvsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    MemorySegment library =
        (MemorySegment) dlopen.invokeExact(arena.allocateFrom(LibFuse.LIBRARY), RTLD_NOW);
    MemorySegment symbol =
        (MemorySegment)
            dlvsym.invokeExact(
                library, arena.allocateFrom("fuse_new"), arena.allocateFrom("FUSE_2.6"));
    if (symbol.address() == 0) {
      throw new IOException(LibFuse.LIBRARY + " is not libfuse 2.6 or later");
    }
    return LINKER.downcallHandle(
        symbol, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  }

  private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor);
  }

  /** {@code struct fuse_args}: argc, argv, and 0 for that the words are not allocated. */
  private static MemorySegment arguments(Arena arena, List<String> words) {
    MemorySegment pointers = arena.allocate(ADDRESS, words.size() + 1L);
    for (int i = 0; i < words.size(); i++) {
      pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(words.get(i)));
    }
    MemorySegment arguments = arena.allocate(3 * ADDRESS.byteSize());
    arguments.set(JAVA_INT, 0, words.size());
    arguments.set(ADDRESS, ADDRESS.byteSize(), pointers);
    return arguments;
  }
}
