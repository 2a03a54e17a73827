package dev.mooring.fs;

import java.io.Serial;

/**
 * The call cannot be answered from memory and its caller may not wait; it has had no effect. The
 * binding repeats it on a thread that may wait.
 */
public final class WouldWait extends ErrnoException {
  @Serial private static final long serialVersionUID = 1L;

  /** The only instance: it is thrown on the hot path. */
  public static final WouldWait INSTANCE = new WouldWait();

  private WouldWait() {
    super(Errno.EAGAIN, "would wait");
  }
}
