package dev.mooring.sftp;

import java.io.IOException;
import java.io.Serial;

/**
 * The server answered a request with a status other than OK. Has no stack trace: it is ordinary.
 */
public final class SftpException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final SftpStatus status;

  /**
   * Of a reply.
   *
   * @param detail the request and the server's text, escaped for printing
   */
  public SftpException(SftpStatus status, String detail) {
    super(status + ": " + detail);
    this.status = status;
  }

  /** What the server said. */
  public SftpStatus status() {
    return status;
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
