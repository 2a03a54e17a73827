package dev.mooring.fuse;

import java.util.Collection;

/** The flags of mount(2) that are used here, with Linux's bits. */
public enum MountFlag {
  READ_ONLY(1),
  NO_SUID(2),
  NO_DEVICES(4),
  NO_EXEC(8),
  REMOUNT(32),
  NO_ACCESS_TIME(1024),
  BIND(4096),
  RECURSIVE(16384),
  UNBINDABLE(1 << 17),
  PRIVATE(1 << 18),
  SLAVE(1 << 19),
  SHARED(1 << 20),
  RELATIVE_ACCESS_TIME(1 << 21);

  private final long bit;

  MountFlag(long bit) {
    this.bit = bit;
  }

  static long bits(Collection<MountFlag> flags) {
    return flags.stream().mapToLong(flag -> flag.bit).reduce(0, (a, b) -> a | b);
  }
}
