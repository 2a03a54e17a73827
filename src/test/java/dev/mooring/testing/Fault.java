package dev.mooring.testing;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What goes wrong with one request on its way to an in-memory server, or with its reply. */
public sealed interface Fault {
  /** The reply comes so many bursts later; others overtake it. */
  record Delayed(int bursts) implements Fault {}

  /** The reply comes in two pieces, of which the first has so many bytes at most. */
  record Fragmented(int bytes) implements Fault {}

  /** From now on nothing passes and nothing is closed. */
  record Stalled() implements Fault {}

  /** The channel is cut before the server has carried the request out. */
  record CutBefore() implements Fault {}

  /** The channel is cut after the server has carried the request out, before the reply. */
  record CutAfter() implements Fault {}

  /** So many bytes of the reply come, at most, and then the channel is cut. */
  record Truncated(int bytes) implements Fault {}

  /** The reply claims to be longer than any packet may be. */
  record Oversized() implements Fault {}

  /** The reply is one to a request that was never sent. */
  record Foreign() implements Fault {}

  /** The server answers with this status and does nothing, but for a handle that it closes. */
  record Refused(int status) implements Fault {}

  /** The server does nothing and answers with a packet of this type, with these fields. */
  record Forged(int type, ByteBuffer fields) implements Fault {}

  /**
   * The reply claims to be long and comes byte by byte.
   *
   * @param pause runs what it is given when the next byte is due
   */
  record Dripping(Executor pause) implements Fault {}

  /** The server forgets all handles of the channel before it looks at the request. */
  record LostHandles() implements Fault {}

  /** Which requests meet with one; asked for each request, in the order in which they arrive. */
  @FunctionalInterface
  interface Plan {
    /** Nothing ever goes wrong. */
    Plan NONE = _ -> null;

    /**
     * What happens to this request.
     *
     * @param type as the protocol numbers it
     */
    @Nullable Fault next(int type);
  }
}
