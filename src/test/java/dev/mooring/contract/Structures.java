package dev.mooring.contract;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Statistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Structures of 64-bit Linux, where x86-64 and aarch64 agree on all that are used here. */
final class Structures {
  static final long STATX_BYTES = 256;
  static final long STATVFS_BYTES = 112;

  private static final long UTIME_NOW = (1 << 30) - 1;
  private static final long UTIME_OMIT = (1 << 30) - 2;

  private Structures() {}

  /** What is in a struct statx. */
  static Attributes attributes(MemorySegment statx) {
    int mode = Short.toUnsignedInt(statx.get(JAVA_SHORT, 28));
    return new Attributes(
        statx.get(JAVA_LONG, 32),
        FileType.ofMode(mode),
        mode & Attributes.PERMISSION_BITS,
        statx.get(JAVA_INT, 16),
        statx.get(JAVA_INT, 20),
        statx.get(JAVA_INT, 24),
        statx.get(JAVA_LONG, 40),
        statx.get(JAVA_LONG, 64),
        statx.get(JAVA_LONG, 112),
        statx.get(JAVA_LONG, 96));
  }

  /** What is in a struct statvfs. */
  static Statistics statistics(MemorySegment statvfs) {
    return new Statistics(
        statvfs.get(JAVA_LONG, 8),
        statvfs.get(JAVA_LONG, 16),
        statvfs.get(JAVA_LONG, 24),
        statvfs.get(JAVA_LONG, 32),
        statvfs.get(JAVA_LONG, 40),
        statvfs.get(JAVA_LONG, 48),
        (int) statvfs.get(JAVA_LONG, 80),
        (statvfs.get(JAVA_LONG, 72) & 1) != 0);
  }

  /** Two timespecs for utimensat(2). */
  static MemorySegment times(Arena arena, TimeChange accessed, TimeChange modified) {
    return arena.allocateFrom(
        JAVA_LONG, seconds(accessed), nanos(accessed), seconds(modified), nanos(modified));
  }

  private static long seconds(TimeChange change) {
    return change instanceof TimeChange.Set(long seconds) ? seconds : 0;
  }

  private static long nanos(TimeChange change) {
    return switch (change) {
      case TimeChange.Keep() -> UTIME_OMIT;
      case TimeChange.Now() -> UTIME_NOW;
      case TimeChange.Set _ -> 0;
    };
  }

  /** Goes through records of struct linux_dirent64; false when the visitor has enough. */
  static boolean visitNames(MemorySegment entries, Predicate<String> visit) {
    long at = 0;
    while (at < entries.byteSize()) {
      long length = Short.toUnsignedInt(entries.get(JAVA_SHORT, at + 16));
      String name = entries.getString(at + 19, StandardCharsets.ISO_8859_1);
      if (!name.equals(".") && !name.equals("..") && !visit.test(name)) {
        return false;
      }
      at += length;
    }
    return true;
  }
}
