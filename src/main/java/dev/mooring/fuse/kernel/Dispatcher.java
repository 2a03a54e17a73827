package dev.mooring.fuse.kernel;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.fs.WouldWait;
import dev.mooring.fuse.Fate;
import dev.mooring.fuse.InterruptTable;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import dev.mooring.fuse.kernel.protocol.RequestDecoder;
import dev.mooring.fuse.kernel.protocol.RequestHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from the reading threads, and has each answered exactly once: on the reading
 * thread if that need not wait, else on a virtual thread. Here errors become negative numbers, and
 * whatever goes wrong stays with its request. Thread-safe.
 */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  /** So much of a header must be there for its request to be answered at all. */
  private static final int BYTES_TO_UNIQUE = 16;

  /** How many requests may wait for the server, each on a thread; further ones are EIO at once. */
  static final int MOST_WAITING = 4096;

  private final Connection connection;
  private final Operations operations;
  private final InterruptTable interrupts;
  private final BufferPool pool;
  private final ReplyWriters writers;
  private final Pace pace;
  private final Duration requestTimeout;
  private final AtomicInteger waiting = new AtomicInteger();

  /** What concerns the connection and not the file system. */
  interface Connection {
    /** The answer to INIT. */
    Reply init(Request.Init init);

    /** One more request is under way, which the end waits for. */
    void enter();

    /** It is answered. */
    void leave();
  }

  Dispatcher(
      Connection connection,
      Operations operations,
      InterruptTable interrupts,
      BufferPool pool,
      ReplyWriters writers,
      Pace pace,
      Duration requestTimeout) {
    this.connection = connection;
    this.operations = operations;
    this.interrupts = interrupts;
    this.pool = pool;
    this.writers = writers;
    this.pace = pace;
    this.requestTimeout = requestTimeout;
  }

  /**
   * Handles one request.
   *
   * @param length how many bytes of {@code buffer} the device gave
   * @return the buffer to go on with: the same, unless its bytes are still wanted
   */
  RequestBuffer dispatch(RequestBuffer buffer, int length, ReplyWriter writer) {
    ByteBuffer bytes = buffer.slice(0, length);
    try {
      RequestHeader header = RequestHeader.decode(bytes);
      Request request = RequestDecoder.decode(header, bytes);
      if (request instanceof Request.Write write) {
        return write(header, write, buffer, writer);
      }
      handle(header, request, writer);
    } catch (ErrnoException e) {
      fail(bytes, e.errno(), writer);
    } catch (RuntimeException | Error e) {
      // The request is lost, but neither its process nor the reading thread.
      log.error("a request could not be handled", e);
      fail(bytes, Errno.EIO, writer);
    }
    return buffer;
  }

  private void fail(ByteBuffer request, Errno errno, ReplyWriter writer) {
    if (request.limit() >= BYTES_TO_UNIQUE) {
      reply(request.getLong(2 * Integer.BYTES), new Reply.Failed(errno), writer);
    }
  }

  private void handle(RequestHeader header, Request request, ReplyWriter writer) {
    switch (request) {
      case Request.Forget forget -> operations.forget(header.nodeId(), forget.references());
      case Request.BatchForget batch ->
          batch.forgotten().forEach(one -> operations.forget(one.nodeId(), one.references()));
      case Request.Interrupt interrupt -> {
        if (!interrupts.interrupt(interrupt.unique())) {
          reply(header.unique(), new Reply.Failed(Errno.EAGAIN), writer);
        }
      }
      case Request.Init init -> reply(header.unique(), connection.init(init), writer);
      case Request.Destroy _ -> reply(header.unique(), new Reply.Done(), writer);
      default -> {
        Reply reply = firstTry(header, request, null);
        if (reply == null) {
          repeat(header, request, null);
        } else {
          reply(header.unique(), reply, writer);
        }
      }
    }
  }

  private RequestBuffer write(
      RequestHeader header, Request.Write write, RequestBuffer buffer, ReplyWriter writer) {
    WritePayload payload = new WritePayload(buffer, write.start(), write.size(), pool);
    Reply reply = firstTry(header, write, payload);
    if (reply != null) {
      reply(header.unique(), reply, writer);
      return payload.next();
    }
    if (write.size() >= WritePayload.SMALLEST_MOVED) {
      repeat(header, write, new WritePayload(buffer, write.start(), write.size(), null));
      return pool.take();
    }
    RequestBuffer copy = pool.copyOf(buffer.memory().asSlice(write.start(), write.size()));
    repeat(header, write, new WritePayload(copy, 0, write.size(), null));
    return buffer;
  }

  /** The reply that needs no waiting, or null. */
  private @Nullable Reply firstTry(
      RequestHeader header, Request request, @Nullable WritePayload payload) {
    try {
      return attempt(header, request, payload, false, Cancellation.NEVER);
    } catch (WouldWait _) {
      return null;
    }
  }

  /** Answers on a thread that may wait. */
  private void repeat(RequestHeader header, Request request, @Nullable WritePayload payload) {
    // Before the next request is read: that may be the INTERRUPT of this one.
    Cancellation cancellation = interrupts.register(header.unique(), header.pid());
    connection.enter();
    if (waiting.incrementAndGet() > MOST_WAITING) {
      finish(header, new Reply.Failed(Errno.EIO), payload);
      return;
    }
    try {
      pace.execute(
          () -> finish(header, waitingTry(header, request, payload, cancellation), payload));
    } catch (RuntimeException e) {
      log.error("no thread for {}", request, e);
      finish(header, new Reply.Failed(Errno.EIO), payload);
    }
  }

  private void finish(RequestHeader header, Reply reply, @Nullable WritePayload payload) {
    try {
      if (!writers.send(header.unique(), reply)) {
        operations.undo(reply);
      }
    } finally {
      waiting.decrementAndGet();
      interrupts.done(header.unique());
      if (payload != null && !payload.isMoved()) {
        payload.next().close();
      }
      connection.leave();
    }
  }

  private Reply waitingTry(
      RequestHeader header,
      Request request,
      @Nullable WritePayload payload,
      Cancellation cancellation) {
    if (request instanceof Request.Flush && Fate.isKilled(header.pid())) {
      // It is closing its files on the way out, and nothing can interrupt that any more.
      cancellation.cancel();
    }
    try {
      return attempt(header, request, payload, true, cancellation);
    } catch (WouldWait e) {
      log.error("a call that may wait would not: {}", request, e);
      return new Reply.Failed(Errno.EIO);
    }
  }

  private Reply attempt(
      RequestHeader header,
      Request request,
      @Nullable WritePayload payload,
      boolean mayWait,
      Cancellation cancellation)
      throws WouldWait {
    Caller caller =
        new Caller(
            header.uid(),
            header.gid(),
            header.pid(),
            umask(request),
            pace.nanoTime() + requestTimeout.toNanos(),
            mayWait,
            cancellation);
    try {
      return operations.execute(header.nodeId(), request, payload, caller);
    } catch (WouldWait e) {
      throw e;
    } catch (ErrnoException e) {
      return new Reply.Failed(e.errno());
    } catch (RuntimeException | Error e) {
      log.error("{} of node id {} failed", request, header.nodeId(), e);
      return new Reply.Failed(Errno.EIO);
    }
  }

  private static int umask(Request request) {
    return switch (request) {
      case Request.Mknod mknod -> mknod.umask();
      case Request.Mkdir mkdir -> mkdir.umask();
      case Request.Create create -> create.umask();
      default -> 0;
    };
  }

  private void reply(long unique, Reply reply, ReplyWriter writer) {
    if (unique != 0 && !writer.send(unique, reply)) {
      operations.undo(reply);
    }
  }
}
