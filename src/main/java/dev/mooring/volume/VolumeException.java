package dev.mooring.volume;

import java.io.IOException;
import java.io.Serial;

/** What was asked of a volume cannot be done. The message is one line for the person who asked. */
public final class VolumeException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** Of no volume in particular. */
  public VolumeException(String message) {
    super(message);
  }

  /**
   * Of a volume.
   *
   * @param remedy what to do about it, an imperative sentence without a full stop
   */
  public VolumeException(VolumeName volume, String reason, String remedy) {
    super("volume " + volume + " " + reason + "; " + remedy);
  }
}
