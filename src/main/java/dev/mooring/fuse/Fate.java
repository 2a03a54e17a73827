package dev.mooring.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether a thread that waits for a request is going to die of a signal (proc_pid_status(5),
 * proc_pid_stat(5)).
 *
 * <p>The kernel sends INTERRUPT for any pending signal, also for one that the process handles and
 * goes on from: a progress timer, a child that ended, the preemption of Go. Were each of those
 * answered with EINTR, stat(2) and open(2) would fail in programs that never expect it, so only
 * death cancels, as on NFS. Reads procfs; waits for nothing.
 */
public final class Fate {
  private static final Path PROC = Path.of("/proc");
  private static final long KILL = bit(9);

  /** Signals that end nobody: SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, ... */
  private static final long HARMLESS =
      bit(17) | bit(18) | bit(19) | bit(20) | bit(21) | bit(22) | bit(23) | bit(28);

  private static final int FLAGS_FIELD = 9;
  private static final long EXITING = 0x4;
  private static final long SIGNALED = 0x400;

  private Fate() {}

  /** Whether a signal that ends the thread is pending. Where nothing is known of it, it is. */
  public static boolean isDoomed(int threadId) {
    if (threadId == 0) {
      // Its pid name space is not below ours. Better an EINTR too much than one that cannot die.
      return true;
    }
    try {
      return isDoomed(Files.readAllLines(of(threadId, "status"), StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      // It ended while it was being read about.
      return true;
    }
  }

  static boolean isDoomed(List<String> status) {
    long pending = mask(status, "SigPnd") | mask(status, "ShdPnd");
    long survived = mask(status, "SigBlk") | mask(status, "SigIgn") | mask(status, "SigCgt");
    return (pending & KILL) != 0 || (pending & ~survived & ~HARMLESS) != 0;
  }

  /** Whether a signal has ended the thread, which now closes its files. */
  public static boolean isKilled(int threadId) {
    if (threadId == 0) {
      return false;
    }
    try {
      // In the middle of execve(2), which closes files too, stat could not be read before that has
      // ended, and that waits for us. Who ends has no memory any more by now.
      return !hasMemory(Files.readAllLines(of(threadId, "status"), StandardCharsets.ISO_8859_1))
          && isKilled(Files.readString(of(threadId, "stat"), StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      return true;
    }
  }

  static boolean hasMemory(List<String> status) {
    return status.stream().anyMatch(line -> line.startsWith("VmSize:"));
  }

  static boolean isKilled(String stat) {
    // The name stands in parentheses and may itself hold spaces and parentheses.
    int name = stat.lastIndexOf(')');
    if (name < 0) {
      return true;
    }
    String[] fields = stat.substring(name + 2).split(" ", 0);
    long flags = Long.parseLong(fields[FLAGS_FIELD - 3]);
    return (flags & EXITING) != 0 && (flags & SIGNALED) != 0;
  }

  private static Path of(int threadId, String file) {
    return PROC.resolve(Integer.toString(threadId)).resolve(file);
  }

  private static long mask(List<String> status, String key) {
    for (String line : status) {
      if (line.startsWith(key + ":")) {
        return Long.parseUnsignedLong(line.substring(key.length() + 1).strip(), 16);
      }
    }
    return 0;
  }

  private static long bit(int signal) {
    return 1L << (signal - 1);
  }
}
