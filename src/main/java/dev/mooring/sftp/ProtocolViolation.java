package dev.mooring.sftp;

import java.io.Serial;

/**
 * The server sent what the protocol forbids; nothing that follows on the channel can be trusted.
 */
final class ProtocolViolation extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ProtocolViolation(String message) {
    super(message);
  }
}
