package dev.mooring.fuse.kernel;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.NativeMemory;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.Fate;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.InterruptTable;
import dev.mooring.fuse.kernel.protocol.Negotiation;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mount: its device, its threads, what the kernel holds of it, and its end. Thread-safe. */
final class KernelFuseSession implements FuseSession, Dispatcher.Connection {
  private static final Logger log = LoggerFactory.getLogger(KernelFuseSession.class);

  /** Two are enough: no reader waits for the file system. */
  private static final int READERS = 2;

  /** What requests that are read, and writes that wait, take in all. */
  static final long POOL_BYTES = 64L << 20;

  private static final Duration AGREEING = Duration.ofSeconds(10);
  private static final Duration ABORTING = Duration.ofSeconds(1);

  private final FileSystem fileSystem;
  private final FuseDevice device;
  private final FuseChannel channel;
  private final Operations operations;
  private final InterruptTable interrupts;
  private final BufferPool pool;
  private final ReplyWriters writers;
  private final Notifier notifier;
  private final Dispatcher dispatcher;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final AtomicInteger readers = new AtomicInteger(READERS);

  /** Readers and requests that wait; the last of them ends the session. */
  private final AtomicInteger active = new AtomicInteger(READERS);

  private final FuseOptions.Tuning tuning;
  private final CompletableFuture<Negotiation> agreed = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  KernelFuseSession(
      FileSystem fileSystem,
      FuseDevice device,
      FuseOptions options,
      Pace pace,
      NativeMemory share) {
    pool = new BufferPool(POOL_BYTES, share);
    this.fileSystem = fileSystem;
    this.device = device;
    this.tuning = options.tuning();
    channel = new FuseChannel(device.descriptor());
    operations = new Operations(fileSystem, pace, options.pages());
    interrupts = new InterruptTable(pace, Fate::isDoomed);
    writers = new ReplyWriters(channel, pace);
    notifier = new Notifier(operations::idOf, writers.create());
    dispatcher =
        new Dispatcher(this, operations, interrupts, pool, writers, pace, options.requestTimeout());
  }

  /** Begins to serve what has just been mounted, and returns when the kernel has agreed. */
  void start() throws IOException {
    fileSystem.onChange(notifier);
    notifier.start();
    for (int i = 0; i < READERS; i++) {
      Runnable reader =
          new RequestReader(channel, pool, dispatcher, writers.create(), this::readerEnded);
      threads.add(Thread.ofPlatform().daemon().name("mooring-fuse-reader-" + i).start(reader));
    }
    await(agreed, AGREEING);
  }

  private static <T> T await(CompletableFuture<T> future, Duration patience) throws IOException {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the kernel did not answer within " + patience.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the kernel", e);
    }
  }

  @Override
  public Reply init(Request.Init init) {
    try {
      Negotiation negotiation = Negotiation.with(init, tuning);
      if (negotiation.settles(init)) {
        agreed.complete(negotiation);
      }
      return new Reply.Agreed(negotiation);
    } catch (ErrnoException e) {
      agreed.completeExceptionally(e);
      return new Reply.Failed(e.errno());
    }
  }

  @Override
  public void enter() {
    active.incrementAndGet();
  }

  @Override
  public void leave() {
    if (active.decrementAndGet() == 0) {
      end();
    }
  }

  private void readerEnded() {
    if (readers.decrementAndGet() == 0) {
      // Nobody waits for the answers of those that are still under way.
      interrupts.close();
    }
    leave();
  }

  private void end() {
    notifier.close();
    operations.giveBackAll();
    pool.close();
    device.close();
    agreed.completeExceptionally(new IOException("unmounted before the kernel had agreed"));
    ended.complete(null);
  }

  @Override
  public Path mountPoint() {
    return device.mountPoint();
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  @Override
  public void close(Duration patience) {
    if (!ended.isDone()) {
      try {
        device.detach();
        await(ended, patience);
      } catch (IOException e) {
        log.warn("the connection of {} is aborted: {}", device.mountPoint(), e.getMessage());
        abort();
      }
    }
    if (ended.isDone()) {
      // They have nothing left to do but to return.
      threads.forEach(KernelFuseSession::join);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void abort() {
    try {
      device.connection().abort();
      await(ended, ABORTING);
    } catch (IOException e) {
      log.error("the connection of {} does not end", device.mountPoint(), e);
    }
  }
}
