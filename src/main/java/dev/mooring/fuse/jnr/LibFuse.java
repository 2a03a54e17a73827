package dev.mooring.fuse.jnr;

import java.io.IOException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.types.size_t;

/**
 * The functions of libfuse 2.9 that serve a mount, named as in {@code fuse.h} and {@code
 * fuse_lowlevel.h}. The requests are received here and not in libfuse's own loop, so that the
 * number of threads is bounded, a request's kind is known, and interrupts are seen.
 *
 * <p>Public because jnr-ffi implements it in a class loader of its own.
 */
public interface LibFuse {
  /** The name of the library. */
  String LIBRARY = "libfuse.so.2";

  /** A channel on a descriptor of /dev/fuse, which it closes when it is destroyed. */
  Pointer fuse_kern_chan_new(int descriptor);

  /** The size of buffer that {@link #fuse_chan_recv} needs. */
  @size_t
  long fuse_chan_bufsize(Pointer channel);

  /** The session of a file system that {@link FuseNew} made. */
  Pointer fuse_get_session(Pointer fuse);

  /** Waits for a request: its length, 0 when the session has ended, or a negative errno. */
  int fuse_chan_recv(Pointer channelAddress, Pointer buffer, @size_t long size);

  /** Writes a reply, given as {@code struct iovec}s. */
  int fuse_chan_send(Pointer channel, Pointer iovecs, @size_t long count);

  /** Carries out one request: calls back and replies. */
  void fuse_session_process(Pointer session, Pointer buffer, @size_t long length, Pointer channel);

  /** Ends and frees everything; calls back to unlink what it had hidden. */
  void fuse_destroy(Pointer fuse);

  /**
   * The library of this machine.
   *
   * @throws IOException when it is not installed
   */
  static LibFuse load() throws IOException {
    try {
      return LibraryLoader.create(LibFuse.class).failImmediately().load(LIBRARY);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(
          "libfuse 2 is not installed: run `apt-get install libfuse2` (libfuse2t64 from Debian 13"
              + " on), or mount with fuse=kernel, which needs no library",
          e);
    }
  }
}
