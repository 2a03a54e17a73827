package dev.mooring.fuse.jnr;

import java.util.Objects;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * A thread that serves one request after the other. What it serves at present is kept here for the
 * callbacks, which run on the same thread inside of libfuse.
 */
final class Worker extends Thread {
  private static final int POINTER_BYTES = 8;

  private final RequestLoop loop;
  private final Pointer buffer;
  private final Pointer channelAddress =
      Memory.allocateDirect(Runtime.getSystemRuntime(), POINTER_BYTES);
  private @Nullable Request request;

  Worker(RequestLoop loop, String name, long bufferBytes) {
    super(name);
    this.loop = loop;
    buffer = Memory.allocateDirect(Runtime.getSystemRuntime(), bufferBytes);
    setDaemon(true);
  }

  /** The request that the current thread serves. */
  static Request request() {
    Worker worker = (Worker) Thread.currentThread();
    return Objects.requireNonNull(worker.request, "no request is being served");
  }

  @Override
  public void run() {
    loop.serve(this);
  }

  /** Waits for the next request: its length, 0 at the end, or a negative errno. */
  int receive(LibFuse libFuse, Pointer channel) {
    channelAddress.putPointer(0, channel);
    int length = libFuse.fuse_chan_recv(channelAddress, buffer, buffer.size());
    request = length > 0 ? new Request(buffer) : null;
    return length;
  }

  /** Has libfuse carry out the request that was received. */
  void process(LibFuse libFuse, Pointer session, Pointer channel, int length) {
    libFuse.fuse_session_process(session, buffer, length, channel);
  }

  /** Makes callbacks possible that no request of the kernel is behind. */
  void serveInternally() {
    buffer.setMemory(0, Request.HEADER_BYTES, (byte) 0);
    request = new Request(buffer);
  }
}
