package dev.mooring.fuse.kernel;

import dev.mooring.fuse.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading thread: reads requests and has them dispatched, until the mount is gone. A platform
 * thread, because read(2) blocks it. It never waits for the file system.
 */
final class RequestReader implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(RequestReader.class);

  private static final int ENOENT = 2;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENODEV = 19;
  private static final int ECONNABORTED = 103;

  private final FuseChannel channel;
  private final BufferPool pool;
  private final Dispatcher dispatcher;
  private final ReplyWriter writer;
  private final Runnable atEnd;

  RequestReader(
      FuseChannel channel,
      BufferPool pool,
      Dispatcher dispatcher,
      ReplyWriter writer,
      Runnable atEnd) {
    this.channel = channel;
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.writer = writer;
    this.atEnd = atEnd;
  }

  @Override
  public void run() {
    RequestBuffer buffer = pool.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errnoState = arena.allocate(Libc.ERRNO_STATE);
      while (true) {
        int result = channel.read(buffer.memory(), errnoState);
        if (result >= 0) {
          buffer = dispatcher.dispatch(buffer, result, writer);
        } else if (isEnd(-result)) {
          return;
        }
      }
    } finally {
      buffer.close();
      atEnd.run();
    }
  }

  private static boolean isEnd(int errno) {
    return switch (errno) {
      // ENOENT: the request was given up while it was being read.
      case ENOENT, EINTR, EAGAIN -> false;
      case ENODEV, ECONNABORTED -> true;
      default -> {
        log.error("reading from /dev/fuse failed: {}", Libc.describe(errno));
        yield true;
      }
    };
  }
}
