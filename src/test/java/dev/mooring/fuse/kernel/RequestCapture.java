package dev.mooring.fuse.kernel;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.InterruptTable;
import dev.mooring.fuse.Libc;
import dev.mooring.fuse.MountSyscalls;
import dev.mooring.fuse.PageCache;
import dev.mooring.fuse.kernel.protocol.CapturedRequests;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import dev.mooring.testing.Interposed;
import dev.mooring.testing.ReferenceFileSystem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes down what this machine's kernel asks while a script uses a mount: {@code
 * src/test/resources/fuse/requests.txt} was made with it, as root, and looked through by hand. Each
 * line is a request in hexadecimal and how it is read.
 *
 * <p>Arguments: the script, an empty directory to mount on, the file to write.
 */
final class RequestCapture implements Dispatcher.Connection {
  private static final int LONGEST = 4096;

  private final SystemPace pace = new SystemPace();
  private final List<String> lines = new ArrayList<>();
  private final FuseChannel channel;
  private final BufferPool pool = new BufferPool(16L << 20, new NativeMemory(16L << 20));
  private final Dispatcher dispatcher;
  private final ReplyWriters writers;

  private RequestCapture(FuseDevice device, FuseOptions options) {
    channel = new FuseChannel(device.descriptor());
    writers = new ReplyWriters(channel, pace);
    // An INTERRUPT needs a request that waits: fallocate(2) of anybody but root never ends.
    FileSystem served =
        Interposed.before(
            new ReferenceFileSystem(pace),
            (verb, caller) -> {
              if (verb.equals("allocate") && caller.uid() != 0) {
                pace.await(new CompletableFuture<>(), caller);
              }
            });
    dispatcher =
        new Dispatcher(
            this,
            new Operations(served, pace, PageCache.CHECKED),
            new InterruptTable(pace, _ -> true),
            pool,
            writers,
            pace,
            options.requestTimeout());
  }

  public static void main(String[] arguments) throws Exception {
    FuseOptions options = FuseOptions.of("capture");
    Path mountPoint = Path.of(arguments[1]);
    FuseDevice device = FuseDevice.mount(mountPoint, options, Negotiation.MAX_TRANSFER);
    RequestCapture capture = new RequestCapture(device, options);
    Thread reader = Thread.ofPlatform().start(capture::read);
    Process script = new ProcessBuilder(arguments[0], arguments[1]).inheritIO().start();
    script.waitFor();
    MountSyscalls.detach(mountPoint);
    reader.join();
    Files.write(Path.of(arguments[2]), capture.lines);
    System.exit(0);
  }

  private void read() {
    RequestBuffer buffer = pool.take();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_STATE);
      ReplyWriter writer = writers.create();
      for (int length = channel.read(buffer.memory(), state);
          length >= 0;
          length = channel.read(buffer.memory(), state)) {
        note(buffer.slice(0, length));
        buffer = dispatcher.dispatch(buffer, length, writer);
      }
    }
  }

  private void note(ByteBuffer bytes) {
    if (bytes.remaining() > LONGEST) {
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(0, copy);
    lines.add(HexFormat.of().formatHex(copy) + " " + CapturedRequests.described(bytes));
  }

  @Override
  public Reply init(Request.Init init) {
    try {
      return new Reply.Agreed(Negotiation.with(init));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void enter() {}

  @Override
  public void leave() {}
}
