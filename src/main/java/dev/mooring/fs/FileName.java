package dev.mooring.fs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of one entry of a directory: 1 to 255 bytes without {@code /} and NUL, neither {@code .}
 * nor {@code ..}. Linux names are bytes; nothing between the kernel and the wire decodes them.
 */
public final class FileName implements Comparable<FileName> {
  /** NAME_MAX of Linux, in bytes. */
  public static final int MAX_BYTES = 255;

  private final byte[] bytes;

  private FileName(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The name with these bytes, which are copied.
   *
   * @throws ErrnoException ENAMETOOLONG above 255 bytes; EINVAL for what cannot be a name
   */
  public static FileName of(byte[] bytes) throws ErrnoException {
    if (bytes.length > MAX_BYTES) {
      throw new ErrnoException(Errno.ENAMETOOLONG, bytes.length + " bytes");
    }
    if (!isName(bytes)) {
      throw new ErrnoException(Errno.EINVAL, "not a file name");
    }
    return new FileName(bytes.clone());
  }

  /** As {@link #of(byte[])}, from the remaining bytes, whose position moves to the limit. */
  public static FileName of(ByteBuffer bytes) throws ErrnoException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return of(copy);
  }

  /** As {@link #of(byte[])}, in UTF-8. */
  public static FileName of(String name) throws ErrnoException {
    return of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isName(byte[] bytes) {
    if (bytes.length == 0
        || (bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.')))) {
      return false;
    }
    for (byte b : bytes) {
      if (b == 0 || b == '/') {
        return false;
      }
    }
    return true;
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** The bytes, read-only. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Appends the bytes to a buffer with room for them. */
  public void putInto(ByteBuffer buffer) {
    buffer.put(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Orders by unsigned bytes, as {@code LC_ALL=C sort} does. */
  @Override
  public int compareTo(FileName other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  /** For people: decoded as UTF-8, with what is not UTF-8 replaced. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
