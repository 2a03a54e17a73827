package dev.mooring.fs;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of one write(2), as a binding received them. */
public interface Payload {
  /** The bytes, direct and read-only; valid until the write that they were passed to returns. */
  ByteBuffer bytes();

  /**
   * Moves the buffer itself to the caller of this, so that a large write need not be copied. Null
   * when the binding cannot give its buffer away; the bytes must be copied then. At most once.
   */
  @Nullable Lease retain();

  /** A payload that can only be copied. */
  static Payload of(ByteBuffer bytes) {
    return new Payload() {
      @Override
      public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
      }

      @Override
      public @Nullable Lease retain() {
        return null;
      }
    };
  }
}
