package dev.mooring.differential;

import static dev.mooring.differential.Duel.write;

import dev.mooring.contract.Posix;
import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import java.util.List;

/** Names, links and who is connected how often. */
final class NameDuels {
  static final List<Duel> ALL =
      List.of(
          new Duel(
              "name.length",
              Setting.DEFAULT,
              NameDuels::makeLongName,
              "ENAMETOOLONG",
              "Bad message (errno 74)"),
          new Duel(
              "rename.replaces", Setting.PLAIN_RENAME, NameDuels::replace, "replaced", "EPERM"),
          new Duel(
              "rename.no-replace", Setting.DEFAULT, NameDuels::renameToFreeName, "done", "EINVAL"),
          new Duel("unlink.open", Setting.DEFAULT, NameDuels::unlinkOpen, "[]", "[.fuse_hidden]"),
          new Duel("inode.stable", Setting.DEFAULT, NameDuels::mountAgain, "same", "others"),
          new Duel("symlink.contained", Setting.DEFAULT, NameDuels::readAbove, "../file", "EPERM"),
          new Duel("symlink.own", Setting.DEFAULT, NameDuels::readOwn, "/absolute", "EPERM"),
          new Duel("sharing.connection", Setting.DEFAULT, NameDuels::mountThrice, "0", "2"));

  private NameDuels() {}

  private static Object makeLongName(Rival on, String in) throws ErrnoException {
    on.posix().mkdir(in + "/" + "n".repeat(256), 0755);
    return "done";
  }

  private static Object replace(Rival on, String in) throws ErrnoException {
    write(on.posix(), in + "/file", "new");
    write(on.posix(), in + "/other", "old");
    on.posix().rename(in + "/file", in + "/other", RenameFlags.REPLACE);
    return "replaced";
  }

  private static Object renameToFreeName(Rival on, String in) throws ErrnoException {
    write(on.posix(), in + "/file", "content");
    on.posix().rename(in + "/file", in + "/free", RenameFlags.NO_REPLACE);
    return "done";
  }

  private static Object unlinkOpen(Rival on, String in) throws ErrnoException {
    Posix posix = on.posix();
    int file = posix.open(in + "/file", 0644, Flag.WRITE, Flag.CREATE);
    try {
      posix.unlink(in + "/file");
      return on.behind().readdir(in).stream().map(name -> name.substring(0, 12)).toList();
    } finally {
      posix.close(file);
    }
  }

  /** The second mount looks at the names the other way round. */
  private static Object mountAgain(Rival on, String in) throws Exception {
    Duel.prepare(on, in + "/a", "");
    Duel.prepare(on, in + "/b", "");
    long a = on.posix().lstat(in + "/a").inode();
    long b = on.posix().lstat(in + "/b").inode();
    synchronized (NameDuels.class) {
      try (Rival again = on.again()) {
        boolean same =
            again.posix().lstat(in + "/b").inode() == b
                && again.posix().lstat(in + "/a").inode() == a;
        return same ? "same" : "others";
      }
    }
  }

  /** What the server's side made, and leads to a place within the mount. */
  private static Object readAbove(Rival on, String in) throws ErrnoException {
    on.behind().symlink("../file", in + "/link");
    Duel.awaitName(on, in + "/link");
    return on.posix().readlink(in + "/link");
  }

  private static Object readOwn(Rival on, String in) throws ErrnoException {
    on.posix().symlink("/absolute", in + "/link");
    return on.posix().readlink(in + "/link");
  }

  private static Object mountThrice(Rival on, String in) throws Exception {
    synchronized (NameDuels.class) {
      long before = on.connections();
      try (Rival _ = on.again();
          Rival _ = on.again()) {
        return on.connections() - before;
      }
    }
  }
}
