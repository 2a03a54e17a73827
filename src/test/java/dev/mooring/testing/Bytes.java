package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Lease;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.Payload;
import java.nio.ByteBuffer;

/** Arrays of bytes to and from waist A. */
public final class Bytes {
  private Bytes() {}

  /** What one write carries. */
  public static Payload payload(byte[] bytes) {
    return Payload.of(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
  }

  /** What one read answers. */
  public static byte[] read(OpenFile file, long offset, int length, Caller caller)
      throws ErrnoException {
    try (Lease lease = file.read(offset, length, caller)) {
      ByteBuffer bytes = ByteBuffer.allocate(lease.length());
      lease.slices().forEach(slice -> bytes.put(slice.duplicate()));
      return bytes.array();
    }
  }
}
