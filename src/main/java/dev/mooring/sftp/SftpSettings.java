package dev.mooring.sftp;

import java.time.Duration;

/**
 * How much a channel may have in flight and how long a request may take.
 *
 * @param requestTimeout from being asked for to the reply, time in the queue included; ten times as
 *     long while the server goes on answering others
 * @param maxBytesInFlight of file data, READ and WRITE together; below 16 MB, for there sshd begins
 *     to move its whole buffer for every packet and throughput collapses
 * @param maxRequestsInFlight on the wire at the same time
 * @param maxRequestsQueued behind those; what comes on top of them is refused
 * @param maxWaiting how many requests may wait for a lost channel to come back
 * @param maxChannels how many channels a session may have, the one for metadata included
 * @param hard whether requests wait for ever: for their reply while the server answers others, and
 *     for a lost channel to come back
 */
public record SftpSettings(
    Duration requestTimeout,
    int maxBytesInFlight,
    int maxRequestsInFlight,
    int maxRequestsQueued,
    int maxWaiting,
    int maxChannels,
    boolean hard) {

  /** Where sshd's buffer for a channel ends; see {@link #maxBytesInFlight}. */
  private static final int COLLAPSE_BYTES = 16_000_000;

  /** 30 s; 8 MB and 1024 requests in flight; 16 384 queued; 4096 waiting; four channels. */
  public static final SftpSettings DEFAULT =
      new SftpSettings(Duration.ofSeconds(30), 8_000_000, 1024, 16_384, 4096, 4, false);

  public SftpSettings {
    if (maxBytesInFlight >= COLLAPSE_BYTES
        || maxBytesInFlight < 1
        || maxRequestsInFlight < 1
        || maxRequestsInFlight > RequestTable.MAX_REQUESTS
        || maxRequestsQueued < 1
        || maxWaiting < 1
        || maxChannels < 1) {
      throw new IllegalArgumentException(
          "bytes %d, requests %d, queued %d, waiting %d, channels %d"
              .formatted(
                  maxBytesInFlight,
                  maxRequestsInFlight,
                  maxRequestsQueued,
                  maxWaiting,
                  maxChannels));
    }
  }

  /** The same with another timeout. */
  public SftpSettings withRequestTimeout(Duration timeout) {
    return new SftpSettings(
        timeout,
        maxBytesInFlight,
        maxRequestsInFlight,
        maxRequestsQueued,
        maxWaiting,
        maxChannels,
        hard);
  }

  /** The same with another bound of channels. */
  public SftpSettings withMaxChannels(int channels) {
    return new SftpSettings(
        requestTimeout,
        maxBytesInFlight,
        maxRequestsInFlight,
        maxRequestsQueued,
        maxWaiting,
        channels,
        hard);
  }

  /** The same, waiting for ever or not. */
  public SftpSettings withHard(boolean on) {
    return new SftpSettings(
        requestTimeout,
        maxBytesInFlight,
        maxRequestsInFlight,
        maxRequestsQueued,
        maxWaiting,
        maxChannels,
        on);
  }
}
