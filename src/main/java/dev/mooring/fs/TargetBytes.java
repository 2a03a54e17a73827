package dev.mooring.fs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The target of a symbolic link: 1 to 4095 bytes without NUL, never truncated, never decoded. */
public final class TargetBytes {
  /** PATH_MAX of Linux less its NUL, in bytes. */
  public static final int MAX_BYTES = 4095;

  private final byte[] bytes;

  private TargetBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The target with these bytes, which are copied.
   *
   * @throws ErrnoException ENAMETOOLONG above 4095 bytes; ENOENT when empty, as symlink(2) answers;
   *     EINVAL with a NUL
   */
  public static TargetBytes of(byte[] bytes) throws ErrnoException {
    if (bytes.length > MAX_BYTES) {
      throw new ErrnoException(Errno.ENAMETOOLONG, "symlink target of " + bytes.length + " bytes");
    }
    if (bytes.length == 0) {
      throw new ErrnoException(Errno.ENOENT, "empty symlink target");
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new ErrnoException(Errno.EINVAL, "symlink target with NUL");
      }
    }
    return new TargetBytes(bytes.clone());
  }

  /** As {@link #of(byte[])}, in UTF-8. */
  public static TargetBytes of(String target) throws ErrnoException {
    return of(target.getBytes(StandardCharsets.UTF_8));
  }

  /** How many bytes: the size that lstat(2) shows for the link. */
  public int length() {
    return bytes.length;
  }

  /** The bytes, read-only. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TargetBytes target && Arrays.equals(bytes, target.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For people: decoded as UTF-8, with what is not UTF-8 replaced. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
