package dev.mooring.sftp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A path on the server, in bytes; relative ones begin at the login directory. */
public final class RemotePath {
  /** The login directory. */
  public static final RemotePath LOGIN = of(".");

  private final byte[] bytes;

  private RemotePath(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The path in UTF-8; empty is the login directory. */
  public static RemotePath of(String path) {
    return of(path.getBytes(StandardCharsets.UTF_8));
  }

  /** The path with these bytes, which are copied; empty is the login directory. */
  public static RemotePath of(byte[] path) {
    return new RemotePath(path.length == 0 ? new byte[] {'.'} : path.clone());
  }

  /** This directory's entry of that name. */
  public RemotePath resolve(ByteBuffer name) {
    boolean slash = bytes[bytes.length - 1] != '/';
    byte[] joined = Arrays.copyOf(bytes, bytes.length + (slash ? 1 : 0) + name.remaining());
    if (slash) {
      joined[bytes.length] = '/';
    }
    name.duplicate().get(joined, joined.length - name.remaining(), name.remaining());
    return new RemotePath(joined);
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** The bytes, read-only. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RemotePath path && Arrays.equals(bytes, path.bytes);
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
