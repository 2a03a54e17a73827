package dev.mooring.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseConnection;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.InterruptTable;
import dev.mooring.fuse.Libc;
import dev.mooring.fuse.PageCache;
import dev.mooring.fuse.kernel.protocol.Opcode;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import dev.mooring.fuse.kernel.protocol.RequestHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * A kernel that asks what a test says: requests go to a {@link Dispatcher} as a reading thread
 * would bring them, and replies go to a file instead of {@code /dev/fuse}.
 */
final class ScriptedKernel implements Dispatcher.Connection {
  private static final MethodHandle OPEN =
      Libc.withErrno("open", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final int O_RDWR_CREAT_APPEND = 02 | 0100 | 02000;
  private static final int THREAD_ID = 4711;

  /** A reply: whose, its error or 0, and what follows the header. */
  record Answer(long unique, int error, ByteBuffer body) {}

  private final FuseDevice device;
  private final BufferPool pool = new BufferPool(16L << 20, new NativeMemory(16L << 20));
  private final long poolBytes = pool.available();
  private final Operations operations;
  private final Dispatcher dispatcher;
  private final ReplyWriter writer;
  private final AtomicInteger waiting = new AtomicInteger();
  private RequestBuffer buffer = pool.take();
  private long lastUnique;

  /**
   * A kernel.
   *
   * @param device where the replies go, see {@link #fileFor}
   * @param doomed see {@link InterruptTable}
   */
  ScriptedKernel(FileSystem fileSystem, Pace pace, FuseDevice device, IntPredicate doomed) {
    this.device = device;
    FuseChannel channel = new FuseChannel(device.descriptor());
    ReplyWriters writers = new ReplyWriters(channel, pace);
    operations = new Operations(fileSystem, pace, PageCache.CHECKED);
    writer = writers.create();
    dispatcher =
        new Dispatcher(
            this,
            operations,
            new InterruptTable(pace, doomed),
            pool,
            writers,
            pace,
            Duration.ofSeconds(30));
  }

  /** A file in the device's place, from which {@link #answers} reads the replies. */
  static FuseDevice fileFor(Path directory) {
    Path replies = directory.resolve("replies");
    return new FuseDevice(open(replies), replies, new FuseConnection(0));
  }

  private static int open(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      MemorySegment state = arena.allocate(Libc.ERRNO_STATE);
      return (int) OPEN.invokeExact(state, path, O_RDWR_CREAT_APPEND, 0600);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /** Brings these bytes. */
  void bring(byte[] request) {
    MemorySegment.copy(MemorySegment.ofArray(request), 0, buffer.memory(), 0, request.length);
    buffer = dispatcher.dispatch(buffer, request.length, writer);
  }

  /** Asks something about a node and answers by which number the reply will be known. */
  long ask(Opcode opcode, long nodeId, ByteBuffer body) {
    lastUnique += 2;
    byte[] bytes = new byte[RequestHeader.BYTES + body.remaining()];
    ByteBuffer request = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    request.putInt(bytes.length).putInt(opcode.number()).putLong(lastUnique).putLong(nodeId);
    request.putInt(0).putInt(0).putInt(THREAD_ID).putInt(0);
    request.put(body);
    bring(bytes);
    return lastUnique;
  }

  /** As {@link #ask(Opcode, long, ByteBuffer)}, with numbers of 64 bits. */
  long ask(Opcode opcode, long nodeId, long... numbers) {
    ByteBuffer body = buffer(numbers.length * Long.BYTES);
    for (long number : numbers) {
      body.putLong(number);
    }
    return ask(opcode, nodeId, body.flip());
  }

  /** As {@link #ask(Opcode, long, ByteBuffer)}, with a name. */
  long ask(Opcode opcode, long nodeId, String name) {
    return ask(opcode, nodeId, ByteBuffer.wrap((name + "\0").getBytes(StandardCharsets.UTF_8)));
  }

  /** A buffer in the machine's byte order. */
  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  /** All replies so far. */
  List<Answer> answers() throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(device.mountPoint())).order(ByteOrder.nativeOrder());
    List<Answer> answers = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int length = bytes.getInt();
      int error = bytes.getInt();
      long unique = bytes.getLong();
      ByteBuffer body = bytes.slice(bytes.position(), length - 16).order(ByteOrder.nativeOrder());
      bytes.position(bytes.position() + length - 16);
      answers.add(new Answer(unique, error, body));
    }
    return answers;
  }

  /** The replies to one request. */
  List<Answer> answers(long unique) throws IOException {
    return answers().stream().filter(answer -> answer.unique() == unique).toList();
  }

  /** How many requests wait. */
  int waiting() {
    return waiting.get();
  }

  /** Returns when no request waits any more. */
  void awaitAnswers() throws InterruptedException {
    synchronized (waiting) {
      while (waiting.get() > 0) {
        waiting.wait();
      }
    }
  }

  Operations operations() {
    return operations;
  }

  /** The kernel is gone. False when a buffer was not given back. */
  boolean end() {
    buffer.close();
    operations.giveBackAll();
    device.close();
    return pool.available() == poolBytes;
  }

  @Override
  public Reply init(Request.Init init) {
    return new Reply.Done();
  }

  @Override
  public void enter() {
    waiting.incrementAndGet();
  }

  @Override
  public void leave() {
    synchronized (waiting) {
      waiting.decrementAndGet();
      waiting.notifyAll();
    }
  }
}
