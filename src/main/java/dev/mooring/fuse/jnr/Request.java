package dev.mooring.fuse.jnr;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import java.time.Duration;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * One request of the kernel, from the {@code fuse_in_header} at the start of its buffer (fuse(4)).
 * Used by the thread that serves it; only {@link #cancellation} is shared.
 */
final class Request {
  /** FUSE_FORGET. */
  static final int FORGET = 2;

  /** FUSE_UNLINK. */
  static final int UNLINK = 10;

  /** FUSE_INIT. */
  static final int INIT = 26;

  /** FUSE_INTERRUPT. */
  static final int INTERRUPT = 36;

  /** FUSE_BATCH_FORGET. */
  static final int BATCH_FORGET = 42;

  /** How long the header is. */
  static final int HEADER_BYTES = 40;

  private static final int OPCODE_AT = 4;
  private static final int UNIQUE_AT = 8;
  private static final int UID_AT = 24;
  private static final int GID_AT = 28;
  private static final int PID_AT = 32;
  private static final int INTERRUPTED_AT = 40;

  private final int opcode;
  private final long unique;
  private final int uid;
  private final int gid;
  private final int pid;
  private final long interrupted;
  private final Cancellation cancellation = new Cancellation();
  private @Nullable String probed;

  Request(Pointer buffer) {
    opcode = buffer.getInt(OPCODE_AT);
    unique = buffer.getLong(UNIQUE_AT);
    uid = buffer.getInt(UID_AT);
    gid = buffer.getInt(GID_AT);
    pid = buffer.getInt(PID_AT);
    interrupted = opcode == INTERRUPT ? buffer.getLong(INTERRUPTED_AT) : 0;
  }

  int opcode() {
    return opcode;
  }

  /** Its number, which an interrupt names. */
  long unique() {
    return unique;
  }

  /** The thread that waits for it; 0 where the kernel does not say. */
  int pid() {
    return pid;
  }

  /** The number of the request that this one interrupts. */
  long interrupted() {
    return interrupted;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Whether it only gives something back, so that serving it takes no time. */
  boolean isForget() {
    return opcode == FORGET || opcode == BATCH_FORGET;
  }

  /** On whose behalf it is, with a deadline counted from now. The kernel took the umask out. */
  Caller caller(Duration timeout) {
    return new Caller(uid, gid, pid, 0, System.nanoTime() + timeout.toNanos(), true, cancellation);
  }

  /** Remembers that libfuse asked within this request whether a name is free. */
  void probe(String name) {
    probed = name;
  }

  /** Whether libfuse asked that. */
  boolean hasProbed(String name) {
    return name.equals(probed);
  }
}
