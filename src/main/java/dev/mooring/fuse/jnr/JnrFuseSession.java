package dev.mooring.fuse.jnr;

import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.Fate;
import dev.mooring.fuse.FuseDevice;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.fuse.FuseSession;
import dev.mooring.fuse.InterruptTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mount that libfuse 2 serves. */
final class JnrFuseSession implements FuseSession {
  private static final Logger LOG = LoggerFactory.getLogger(JnrFuseSession.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration ABORT_LIMIT = Duration.ofSeconds(1);

  /** The kernel's own 128 KiB would bound buffered reads to that much in each round trip. */
  private static final int READ_AHEAD_KIBIBYTES = 1024;

  private static final int KIBIBYTE = 1024;

  /**
   * The kernel keeps no names and attributes: libfuse 2 has one lifetime for all of them, counted
   * from the reply, so an answer that was about to end would live on. They are answered from this
   * process's memory instead, and own changes show at once.
   */
  private static final String NO_LIFETIMES = "entry_timeout=0,attr_timeout=0,negative_timeout=0";

  private final LibFuse libFuse;
  private final FuseDevice device;
  private final Callbacks callbacks;
  private final Pointer fuse;
  private final int readAhead;
  private final RequestLoop loop;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  JnrFuseSession(
      LibFuse libFuse, FuseDevice device, FileSystem fileSystem, FuseOptions options, Pace pace)
      throws IOException {
    this.libFuse = libFuse;
    this.device = device;
    callbacks = new Callbacks(fileSystem, options.requestTimeout(), options.pages());
    Pointer channel = libFuse.fuse_kern_chan_new(device.descriptor());
    FuseOptions.Tuning tuning = options.tuning();
    fuse = FuseNew.call(channel, callbacks, options(tuning));
    Integer chosen = tuning.readAheadBytes();
    readAhead = chosen == null ? READ_AHEAD_KIBIBYTES : chosen / KIBIBYTE;
    String name = "mooring-fuse-" + device.connection().minor();
    InterruptTable interrupts = new InterruptTable(pace, Fate::isDoomed);
    loop =
        new RequestLoop(
            libFuse, libFuse.fuse_get_session(fuse), channel, interrupts, name, this::end);
  }

  private static String options(FuseOptions.Tuning tuning) {
    return "use_ino,big_writes,async_read,atomic_o_trunc,max_write=131072,max_background="
        + tuning.background()
        + ",congestion_threshold="
        + tuning.congestion()
        + ","
        + NO_LIFETIMES;
  }

  /** Serves; returns when the kernel has been answered for the first time. */
  void start() throws IOException {
    loop.start();
    if (!isDone(CompletableFuture.anyOf(loop.ready(), ended), START_LIMIT) || ended.isDone()) {
      close();
      throw new IOException("the kernel and libfuse did not agree on a protocol");
    }
    try {
      device.connection().setReadAhead(readAhead);
    } catch (IOException e) {
      LOG.debug("the kernel's read-ahead stays as it is", e);
    }
  }

  private void end() {
    try {
      libFuse.fuse_destroy(fuse);
      callbacks.releaseAll();
    } finally {
      ended.complete(null);
    }
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
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      device.detach();
      if (!isDone(ended, patience)) {
        LOG.warn("{} is still in use after it was detached: aborting", device.mountPoint());
        device.connection().abort();
        isDone(ended, ABORT_LIMIT);
      }
    } catch (IOException e) {
      LOG.warn("{} could not be unmounted: {}", device.mountPoint(), e.getMessage());
    }
  }

  private static boolean isDone(CompletableFuture<?> future, Duration limit) {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return future.isDone();
    } catch (ExecutionException e) {
      throw new IllegalStateException("these futures never fail", e);
    }
  }
}
