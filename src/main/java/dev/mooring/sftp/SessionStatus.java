package dev.mooring.sftp;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a session is doing, for people.
 *
 * @param sinceNanos when it began to be in this state, an instant of {@code Pace.nanoTime}
 * @param connections how many channels have been opened so far, the first included
 * @param failedAttempts since there was a channel last
 * @param lastFailure why the last channel was lost or could not be opened; stays there after a
 *     reconnect
 * @param roundTrip what a request takes that is alone on the wire, the shortest of late; null if
 *     there was none
 */
public record SessionStatus(
    State state,
    long sinceNanos,
    long connections,
    int failedAttempts,
    @Nullable IOException lastFailure,
    @Nullable Duration roundTrip) {

  /** What a session can be. */
  public enum State {
    CONNECTED,
    RECONNECTING,
    CLOSED
  }
}
