package dev.mooring.simulation;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.FileType;
import java.util.Arrays;

/** What is in files: the bytes that a step writes, and what was seen as a line of text. */
final class Contents {
  private static final int LARGE_BYTES = 40_000;
  private static final long LONG_AGO = 1_000_000;

  private Contents() {}

  /** What a step writes: its letter, a few times, now and then more than fits one request. */
  static byte[] of(Step step) {
    int length = step.number() % 16 == 14 ? LARGE_BYTES : 1 + step.number() % 11;
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) ('A' + step.number() % 26));
    return bytes;
  }

  /** Runs of the same byte, so that long contents are short lines: {@code 5A 3. 2B}. */
  static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder("bytes");
    for (int begin = 0, end; begin < bytes.length; begin = end) {
      for (end = begin + 1; end < bytes.length && bytes[end] == bytes[begin]; ) {
        end++;
      }
      text.append(' ').append(end - begin).append(bytes[begin] == 0 ? '.' : (char) bytes[begin]);
    }
    return text.toString();
  }

  /** What SFTP can carry of attributes: no identity, no links; times only where they were set. */
  static String shown(Attributes of) {
    boolean sized = of.type() == FileType.REGULAR || of.type() == FileType.SYMLINK;
    return "%s %o %d:%d%s %s %s"
        .formatted(
            of.type(),
            of.permissions(),
            of.uid(),
            of.gid(),
            sized ? " " + of.size() + " bytes" : "",
            time(of.accessedSeconds()),
            time(of.modifiedSeconds()));
  }

  /** The same without what is in a regular file or known of it. */
  static String vague(String shown) {
    return shown.startsWith("REGULAR ") || shown.startsWith("bytes ")
        ? shown.substring(0, shown.indexOf(' '))
        : shown;
  }

  private static String time(long seconds) {
    return seconds < LONG_AGO ? "at " + seconds : "recently";
  }
}
