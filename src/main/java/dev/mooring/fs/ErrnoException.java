package dev.mooring.fs;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A file-system call ended with an error that the caller of the system call is to see.
 *
 * <p>Expected outcomes (ENOENT of a lookup is as ordinary as success) are built without a stack
 * trace; where there is a cause, it carries the trace.
 */
public sealed class ErrnoException extends IOException permits WouldWait {
  @Serial private static final long serialVersionUID = 1L;

  private final Errno errno;

  /** An expected outcome: no stack trace. */
  public ErrnoException(Errno errno, String detail) {
    this(errno, detail, null);
  }

  /** An error with what brought it about. */
  public ErrnoException(Errno errno, String detail, @Nullable Throwable cause) {
    super(errno + ": " + detail, cause);
    this.errno = errno;
  }

  /** What the kernel is told. */
  public final Errno errno() {
    return errno;
  }

  /** Stays cheap: where it matters, the cause carries the trace. */
  @Override
  public final Throwable fillInStackTrace() {
    return this;
  }
}
