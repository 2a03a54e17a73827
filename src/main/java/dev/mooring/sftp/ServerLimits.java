package dev.mooring.sftp;

/**
 * What the server says it can take (limits@openssh.com), or what every server can where it does not
 * say.
 *
 * @param maxPacketBytes the longest packet
 * @param maxReadBytes the longest READ that is not cut short
 * @param maxWriteBytes the longest WRITE
 * @param maxHandles how many handles may be open on one channel; 0 when unknown
 */
public record ServerLimits(
    int maxPacketBytes, int maxReadBytes, int maxWriteBytes, int maxHandles) {
  /** Without limits@openssh.com: 32 KiB of data in a 34 000-byte packet, as the draft demands. */
  public static final ServerLimits UNKNOWN = new ServerLimits(34_000, 32_768, 32_768, 0);
}
