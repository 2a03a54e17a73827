package dev.mooring.ssh;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A channel, and perhaps the connection under it, is gone. The message says why, for a person. */
public final class ConnectionLost extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public ConnectionLost(String reason) {
    super(reason);
  }

  public ConnectionLost(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
