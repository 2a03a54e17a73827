package dev.mooring.simulation;

import dev.mooring.contract.Posix;
import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import java.util.List;

/**
 * What a few calls show on our mount and on C sshfs, as docs/SEMANTICS.md says that they differ.
 *
 * @param row the row's id
 * @param calls makes the calls below a directory of its own; answers what they showed
 * @param ours what they show on our mount
 * @param theirs what they show on sshfs
 */
record Duel(String row, Calls calls, String ours, String theirs) {
  private static final TimeChange KEEP = new TimeChange.Keep();
  private static final String LONG_NAME = "n".repeat(256);

  /** The calls; {@code in} is the directory. */
  interface Calls {
    Object make(Posix posix, String in) throws ErrnoException;
  }

  /** What was shown on this mount. */
  String shownOn(Posix posix, String in) {
    try {
      return String.valueOf(calls.make(posix, in));
    } catch (ErrnoException e) {
      return e.errno().name();
    } catch (AssertionError unknown) {
      // An errno that no file system of ours answers; its text is the end of the message.
      String message = "" + unknown.getMessage();
      return message.substring(message.lastIndexOf(": ") + 2);
    }
  }

  static List<Duel> all() {
    return List.of(
        new Duel("write.allocate", Duel::allocate, "9", "EOPNOTSUPP"),
        new Duel("name.length", Duel::makeLongName, "ENAMETOOLONG", "Bad message (errno 74)"),
        new Duel("rename.no-replace", Duel::renameToFreeName, "done", "EINVAL"),
        new Duel("symlink.contained", Duel::readTargetAbove, "../file", "EPERM"),
        new Duel("symlink.own", Duel::readAbsoluteTarget, "/absolute", "EPERM"),
        new Duel("owner.link", Duel::chownDanglingLink, "3:4", "ENOENT"),
        new Duel("time.one", Duel::setOneTime, "1000 2000", "1000 now"),
        new Duel("time.range", Duel::setTimeBefore1970, "0", "4294967295"),
        new Duel("time.link", Duel::setTimesOfDanglingLink, "1000 2000", "ENOENT"),
        new Duel("errno.not-empty", Duel::renameOverFullDirectory, "ENOTEMPTY", "EPERM"));
  }

  private static void file(Posix posix, String path) throws ErrnoException {
    posix.close(posix.open(path, 0644, Flag.WRITE, Flag.CREATE));
  }

  private static Object allocate(Posix posix, String in) throws ErrnoException {
    int file = posix.open(in + "/file", 0644, Flag.WRITE, Flag.CREATE);
    try {
      posix.fallocate(file, 0, 9);
      return posix.fstat(file).size();
    } finally {
      posix.close(file);
    }
  }

  private static Object makeLongName(Posix posix, String in) throws ErrnoException {
    posix.mkdir(in + "/" + LONG_NAME, 0755);
    return "done";
  }

  private static Object renameToFreeName(Posix posix, String in) throws ErrnoException {
    file(posix, in + "/file");
    posix.rename(in + "/file", in + "/free", RenameFlags.NO_REPLACE);
    return "done";
  }

  private static Object readTargetAbove(Posix posix, String in) throws ErrnoException {
    posix.symlink("../file", in + "/link");
    return posix.readlink(in + "/link");
  }

  private static Object readAbsoluteTarget(Posix posix, String in) throws ErrnoException {
    posix.symlink("/absolute", in + "/link");
    return posix.readlink(in + "/link");
  }

  private static Object chownDanglingLink(Posix posix, String in) throws ErrnoException {
    posix.symlink("nowhere", in + "/link");
    posix.lchown(in + "/link", 3, 4);
    Attributes now = posix.lstat(in + "/link");
    return now.uid() + ":" + now.gid();
  }

  private static Object setOneTime(Posix posix, String in) throws ErrnoException {
    file(posix, in + "/file");
    posix.utimensat(in + "/file", new TimeChange.Set(500), new TimeChange.Set(2000));
    posix.utimensat(in + "/file", new TimeChange.Set(1000), KEEP);
    return times(posix, in + "/file");
  }

  private static Object setTimeBefore1970(Posix posix, String in) throws ErrnoException {
    file(posix, in + "/file");
    posix.utimensat(in + "/file", new TimeChange.Set(-1), new TimeChange.Set(-1));
    return posix.lstat(in + "/file").modifiedSeconds();
  }

  private static Object setTimesOfDanglingLink(Posix posix, String in) throws ErrnoException {
    posix.symlink("nowhere", in + "/link");
    posix.utimensat(in + "/link", new TimeChange.Set(1000), new TimeChange.Set(2000));
    return times(posix, in + "/link");
  }

  private static String times(Posix posix, String path) throws ErrnoException {
    Attributes now = posix.lstat(path);
    boolean recent = now.modifiedSeconds() > 1_000_000;
    return now.accessedSeconds() + " " + (recent ? "now" : now.modifiedSeconds());
  }

  private static Object renameOverFullDirectory(Posix posix, String in) throws ErrnoException {
    posix.mkdir(in + "/from", 0755);
    posix.mkdir(in + "/to", 0755);
    file(posix, in + "/to/file");
    posix.rename(in + "/from", in + "/to", RenameFlags.REPLACE);
    return "done";
  }
}
