package dev.mooring.fuse.jnr;

import dev.mooring.fs.Errno;
import dev.mooring.fuse.InterruptTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the kernel's requests and has libfuse carry them out, on as many threads as there are
 * requests that wait, within bounds. libfuse's own loop has no bound and does not tell a request's
 * kind.
 *
 * <p>A request whose process is about to die is cancelled here, so that a process which waits for a
 * slow server can be killed.
 */
final class RequestLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);

  /** As many requests may wait for the server at once; further ones wait in the kernel. */
  private static final int MAX_THREADS = 256;

  /**
   * As many threads wait for requests; more end. With 4, reading ahead ended and started a thread
   * for two of three requests.
   */
  private static final int MAX_IDLE = 32;

  private static final int REPLY_HEADER_BYTES = 16;
  private static final int IOVEC_BYTES = 16;

  private final LibFuse libFuse;
  private final Pointer session;
  private final Pointer channel;
  private final long bufferBytes;
  private final String name;
  private final Runnable afterEnd;
  private final InterruptTable interrupts;
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  /**
   * @param interrupts where requests stand while they are carried out
   * @param name of its threads
   * @param afterEnd runs once, on the last of its threads
   */
  RequestLoop(
      LibFuse libFuse,
      Pointer session,
      Pointer channel,
      InterruptTable interrupts,
      String name,
      Runnable afterEnd) {
    this.libFuse = libFuse;
    this.session = session;
    this.channel = channel;
    this.interrupts = interrupts;
    this.name = name;
    this.afterEnd = afterEnd;
    bufferBytes = libFuse.fuse_chan_bufsize(channel);
  }

  /** Begins to serve. */
  void start() {
    startThread();
  }

  /** Completes when kernel and libfuse have agreed on the protocol. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  private void startThread() {
    threads.incrementAndGet();
    new Worker(this, name + "-" + started.incrementAndGet(), bufferBytes).start();
  }

  /** What each worker does until the mount ends or there are more than enough workers. */
  void serve(Worker worker) {
    try {
      while (serveNext(worker)) {}
    } catch (RuntimeException | Error e) {
      LOG.error("a thread that serves a mount ended unexpectedly", e);
    } finally {
      if (threads.decrementAndGet() == 0) {
        worker.serveInternally();
        afterEnd.run();
      }
    }
  }

  private boolean serveNext(Worker worker) {
    if (idle.incrementAndGet() > MAX_IDLE) {
      idle.decrementAndGet();
      return false;
    }
    int length = worker.receive(libFuse, channel);
    int stillIdle = idle.decrementAndGet();
    if (length <= 0) {
      return mayGoOn(length);
    }
    Request request = Worker.request();
    if (request.opcode() == Request.INTERRUPT) {
      interrupt(request);
      return true;
    }
    if (stillIdle == 0 && !request.isForget() && threads.get() < MAX_THREADS) {
      startThread();
    }
    process(worker, request, length);
    return true;
  }

  private void process(Worker worker, Request request, int length) {
    interrupts.register(request.unique(), request.pid(), request.cancellation());
    try {
      worker.process(libFuse, session, channel, length);
    } finally {
      interrupts.done(request.unique());
    }
    if (request.opcode() == Request.INIT) {
      ready.complete(null);
    }
  }

  /** Nobody waits for an answer any more once the kernel has ended the connection. */
  private boolean mayGoOn(int length) {
    if (length == -Errno.EINTR.number() || length == -Errno.EAGAIN.number()) {
      return true;
    }
    interrupts.close();
    return false;
  }

  /**
   * Another thread may have read the request that is interrupted and not have noted it yet: told
   * EAGAIN, the kernel sends the interrupt again, unless the request has been answered meanwhile.
   */
  private void interrupt(Request request) {
    if (interrupts.interrupt(request.interrupted())) {
      return;
    }
    Pointer reply = Memory.allocateDirect(Runtime.getSystemRuntime(), REPLY_HEADER_BYTES);
    reply.putInt(0, REPLY_HEADER_BYTES);
    reply.putInt(4, -Errno.EAGAIN.number());
    reply.putLong(8, request.unique());
    Pointer iovec = Memory.allocateDirect(Runtime.getSystemRuntime(), IOVEC_BYTES);
    iovec.putPointer(0, reply);
    iovec.putLong(8, REPLY_HEADER_BYTES);
    libFuse.fuse_chan_send(channel, iovec, 1);
  }
}
