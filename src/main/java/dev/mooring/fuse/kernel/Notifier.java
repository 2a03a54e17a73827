package dev.mooring.fuse.kernel;

import dev.mooring.fs.ChangeListener;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fuse.kernel.protocol.Notification;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what it should forget. On a thread of its own and never on one that serves: the
 * kernel takes the lock of a directory or waits for pages that are being read, both of which may be
 * held until a request of ours is answered.
 *
 * <p>The queue is bounded. What does not fit is dropped: the kernel then believes what it has until
 * its lifetime ends.
 */
final class Notifier implements ChangeListener {
  private static final Logger log = LoggerFactory.getLogger(Notifier.class);
  private static final int CAPACITY = 4096;

  private final ArrayBlockingQueue<Notification> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Function<Node, @Nullable Long> ids;
  private final ReplyWriter writer;
  private final Thread thread;

  /**
   * Tells nothing before {@link #start}.
   *
   * @param ids the node id by which the kernel knows a node, null when it does not
   */
  Notifier(Function<Node, @Nullable Long> ids, ReplyWriter writer) {
    this.ids = ids;
    this.writer = writer;
    this.thread = Thread.ofPlatform().daemon().name("mooring-fuse-notify").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void contentChanged(Node node) {
    Long id = ids.apply(node);
    if (id != null) {
      offer(new Notification.ContentChanged(id));
    }
  }

  @Override
  public void entryChanged(Node dir, FileName name) {
    Long id = ids.apply(dir);
    if (id != null) {
      offer(new Notification.EntryChanged(id, name));
    }
  }

  private void offer(Notification notification) {
    if (!queue.offer(notification)) {
      log.warn("too many changes to tell the kernel of: {} is left to its lifetime", notification);
    }
  }

  private void run() {
    try {
      while (true) {
        writer.send(queue.take());
      }
    } catch (InterruptedException _) {
      // The end.
    }
  }

  /**
   * Ends the thread and waits for that, so that nothing is written to a descriptor which may by
   * then mean another file. The mount is gone, so nothing blocks the thread.
   */
  void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
