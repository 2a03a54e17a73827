package dev.mooring.sftp;

/**
 * A handle that the server gave out for an open file or directory. It is good for the one channel
 * that opened it; when that channel is gone the handle is dead, which {@link #isLive} tells.
 */
public interface RemoteHandle {
  /** Which channel opened it: grows with every channel that the session opens. */
  long epoch();

  /** Whether its channel is still there. */
  boolean isLive();
}
