package dev.mooring.fuse.kernel;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.kernel.protocol.Reply;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writers for those threads that have none of their own. One is lent for the time of one writev(2),
 * which no virtual thread leaves its carrier in, so there are never more than carriers.
 */
final class ReplyWriters {
  private final ConcurrentLinkedQueue<ReplyWriter> idle = new ConcurrentLinkedQueue<>();
  private final FuseChannel channel;
  private final Pace pace;

  ReplyWriters(FuseChannel channel, Pace pace) {
    this.channel = channel;
    this.pace = pace;
  }

  /** A writer to keep, for one thread. */
  ReplyWriter create() {
    return new ReplyWriter(channel, pace);
  }

  /** As {@link ReplyWriter#send}. */
  boolean send(long unique, Reply reply) {
    ReplyWriter writer = idle.poll();
    if (writer == null) {
      writer = create();
    }
    try {
      return writer.send(unique, reply);
    } finally {
      idle.add(writer);
    }
  }
}
