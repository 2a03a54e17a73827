package dev.mooring.fuse.kernel.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel may ask for and is answered with more than ENOSYS ({@code enum fuse_opcode}).
 *
 * <p>Left out on purpose, because ENOSYS tells the kernel to do without and, for most of them, not
 * to ask again: extended attributes (the process sees EOPNOTSUPP), ACCESS, FSYNCDIR, LSEEK, IOCTL,
 * POLL, BMAP, TMPFILE, STATX. Locks are not asked for, since they are not negotiated.
 */
public enum Opcode {
  LOOKUP(1),
  FORGET(2),
  GETATTR(3),
  SETATTR(4),
  READLINK(5),
  SYMLINK(6),
  MKNOD(8),
  MKDIR(9),
  UNLINK(10),
  RMDIR(11),
  RENAME(12),
  LINK(13),
  OPEN(14),
  READ(15),
  WRITE(16),
  STATFS(17),
  RELEASE(18),
  FSYNC(20),
  FLUSH(25),
  INIT(26),
  OPENDIR(27),
  READDIR(28),
  RELEASEDIR(29),
  CREATE(35),
  INTERRUPT(36),
  DESTROY(38),
  BATCH_FORGET(42),
  FALLOCATE(43),
  READDIRPLUS(44),
  RENAME2(45),
  COPY_FILE_RANGE(47),
  COPY_FILE_RANGE_64(53);

  private static final @Nullable Opcode[] BY_NUMBER = new @Nullable Opcode[64];

  static {
    for (Opcode opcode : values()) {
      BY_NUMBER[opcode.number] = opcode;
    }
  }

  private final int number;

  Opcode(int number) {
    this.number = number;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }

  /** The opcode with a number; null for one that is answered with ENOSYS. */
  public static @Nullable Opcode of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }
}
