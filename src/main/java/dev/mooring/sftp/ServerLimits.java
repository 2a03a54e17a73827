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

  /** What a packet has besides data, with room to spare for a long handle. */
  private static final int OVERHEAD_BYTES = 1024;

  private static final int LEAST_DATA_BYTES = 1024;

  /**
   * From the reply of limits@openssh.com, where 0 is no limit: never more than our own longest
   * packet can hold, and never less than 1 KiB of data: the draft demands 32 KiB, and a large read
   * must not fall apart into thousands of requests.
   */
  static ServerLimits announced(long packetBytes, long readBytes, long writeBytes, long handles) {
    int packet = lower(packetBytes, PacketFramer.MAX_PACKET_BYTES, 2 * OVERHEAD_BYTES);
    int data = packet - OVERHEAD_BYTES;
    return new ServerLimits(
        packet,
        lower(readBytes, data, LEAST_DATA_BYTES),
        lower(writeBytes, data, LEAST_DATA_BYTES),
        (int) Math.min(handles, Integer.MAX_VALUE));
  }

  private static int lower(long announced, int most, int least) {
    return announced == 0 ? most : Math.clamp(announced, Math.min(least, most), most);
  }
}
