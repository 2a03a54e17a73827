package dev.mooring.volume;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What was asked of a volume cannot be done. The message is one line for the person who asked. */
public final class VolumeException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final VolumeTrouble trouble;

  /** What is wrong, with the details that its text has room for. */
  VolumeException(VolumeTrouble trouble, @Nullable Throwable cause, Object... details) {
    super(trouble.of(details), cause);
    this.trouble = trouble;
  }

  /** What is wrong. */
  public VolumeTrouble trouble() {
    return trouble;
  }
}
