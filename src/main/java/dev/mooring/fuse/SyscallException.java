package dev.mooring.fuse;

import java.io.IOException;
import java.io.Serial;

/** A system call failed. The message names the call, what it was about, and the reason. */
public final class SyscallException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** ENOENT. */
  public static final int ENOENT = 2;

  /** EBUSY. */
  public static final int EBUSY = 16;

  /** EINVAL: umount2(2) answers it for what is not a mount point. */
  public static final int EINVAL = 22;

  /** ENOTCONN: the process that served the mount is gone. */
  public static final int ENOTCONN = 107;

  private final int errno;

  SyscallException(String call, int errno) {
    super(call + ": " + Libc.describe(errno));
    this.errno = errno;
  }

  /** The positive error number. */
  public int errno() {
    return errno;
  }
}
