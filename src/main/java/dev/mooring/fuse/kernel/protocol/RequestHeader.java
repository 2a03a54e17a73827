package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import java.nio.ByteBuffer;

/**
 * What every request begins with ({@code struct fuse_in_header}).
 *
 * @param length of the whole request, this header included
 * @param opcode see {@link Opcode}
 * @param unique names the request in its reply and in an INTERRUPT
 * @param nodeId what it is about; 0 where it is about nothing
 * @param pid the calling thread as this process's pid name space sees it; 0 when it does not
 */
public record RequestHeader(
    int length, int opcode, long unique, long nodeId, int uid, int gid, int pid) {
  /** On the wire. */
  public static final int BYTES = 40;

  /** The node id of the directory that is mounted. */
  public static final long ROOT = 1;

  /**
   * Reads the header and leaves {@code request} with exactly the rest of the request.
   *
   * @param request from its first byte to the last that the device gave
   * @throws ErrnoException EIO when the bytes are fewer or more than the header says
   */
  public static RequestHeader decode(ByteBuffer request) throws ErrnoException {
    int given = request.remaining();
    if (given < BYTES) {
      throw new ErrnoException(Errno.EIO, "a request of " + given + " bytes");
    }
    RequestHeader header =
        new RequestHeader(
            request.getInt(),
            request.getInt(),
            request.getLong(),
            request.getLong(),
            request.getInt(),
            request.getInt(),
            request.getInt());
    request.getInt(); // the length of extensions, of which none are negotiated, and padding
    if (header.length != given) {
      throw new ErrnoException(
          Errno.EIO, "a request of " + given + " bytes that says " + header.length);
    }
    return header;
  }
}
