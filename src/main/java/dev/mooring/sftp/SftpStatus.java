package dev.mooring.sftp;

/** The status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, section 7). */
public enum SftpStatus {
  OK(0),
  EOF(1),
  NO_SUCH_FILE(2),
  PERMISSION_DENIED(3),
  FAILURE(4),
  BAD_MESSAGE(5),
  NO_CONNECTION(6),
  CONNECTION_LOST(7),
  OP_UNSUPPORTED(8);

  private final int code;

  SftpStatus(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The status of a number; a number of a later version of the protocol is FAILURE. */
  public static SftpStatus ofCode(int code) {
    for (SftpStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    return FAILURE;
  }
}
