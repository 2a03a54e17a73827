package dev.mooring.differential;

import static dev.mooring.differential.Duel.outcome;
import static dev.mooring.differential.Duel.write;

import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fuse.MountFlag;
import dev.mooring.fuse.MountSyscalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;

/** What a failure is called. */
final class ErrnoDuels {
  static final List<Duel> ALL =
      List.of(
          new Duel("errno.exists", Setting.OTHERS_FIRST, ErrnoDuels::link, "EEXIST", "EPERM"),
          new Duel(
              "errno.not-empty",
              Setting.DEFAULT,
              ErrnoDuels::renameOverFullDirectory,
              "ENOTEMPTY",
              "EPERM"),
          new Duel("errno.no-space", Setting.ALONE, ErrnoDuels::fill, "ENOSPC", "EIO"),
          new Duel("errno.across", Setting.DEFAULT, ErrnoDuels::renameAcross, "EXDEV", "EPERM"),
          new Duel("errno.read-only", Setting.DEFAULT, ErrnoDuels::onReadOnly, "EROFS", "EPERM"),
          new Duel("server.read-only", Setting.READ_ONLY, ErrnoDuels::mkdir, "EROFS", "EACCES"),
          new Duel(
              "errno.denied",
              Setting.ORDINARY_LOGIN,
              ErrnoDuels::denied,
              "EACCES, EPERM",
              "EACCES, EACCES"),
          new Duel(
              "errno.too-many-open", Setting.FEW_FILES, ErrnoDuels::openMany, "ENFILE", "EPERM"),
          new Duel("errno.bounded", Setting.FAILING_MKDIR, ErrnoDuels::mkdir, "EIO", "EEXIST"));

  private ErrnoDuels() {}

  private static Object link(Rival on, String in) throws ErrnoException {
    on.posix().symlink("target", in + "/link");
    return "made";
  }

  private static Object renameOverFullDirectory(Rival on, String in) throws ErrnoException {
    on.posix().mkdir(in + "/from", 0755);
    on.posix().mkdir(in + "/to", 0755);
    write(on.posix(), in + "/to/file", "");
    on.posix().rename(in + "/from", in + "/to", RenameFlags.REPLACE);
    return "done";
  }

  /** With a small disk of the server in the directory. */
  private static Object withSmallDisk(Rival on, String in, MountFlag flag, Callable<?> call)
      throws Exception {
    on.behind().mkdir(in + "/small", 0755);
    Duel.awaitName(on, in + "/small");
    Path place = on.served(in + "/small");
    MountSyscalls.mount("none", place, "tmpfs", EnumSet.of(flag), "size=1m");
    try {
      return outcome(call);
    } finally {
      MountSyscalls.detach(place);
    }
  }

  private static Object fill(Rival on, String in) throws Exception {
    return withSmallDisk(
        on,
        in,
        MountFlag.NO_DEVICES,
        () -> {
          write(on.posix(), in + "/small/file", "x".repeat(2 << 20));
          return "written";
        });
  }

  private static Object renameAcross(Rival on, String in) throws Exception {
    return withSmallDisk(
        on,
        in,
        MountFlag.NO_DEVICES,
        () -> {
          write(on.posix(), in + "/file", "content");
          on.posix().rename(in + "/file", in + "/small/file", RenameFlags.REPLACE);
          return "renamed";
        });
  }

  private static Object onReadOnly(Rival on, String in) throws Exception {
    return withSmallDisk(
        on,
        in,
        MountFlag.READ_ONLY,
        () -> {
          on.posix().symlink("target", in + "/small/link");
          return "made";
        });
  }

  private static Object mkdir(Rival on, String in) throws ErrnoException {
    on.posix().mkdir(in + "/dir", 0755);
    return "made";
  }

  private static Object denied(Rival on, String in) throws Exception {
    on.behind().mkdir(in + "/private", 0755);
    Duel.awaitName(on, in + "/private");
    return outcome(() -> mkdir(on, in + "/private"))
        + ", "
        + outcome(() -> {
          on.posix().chmod(in + "/private", 0700);
          return "changed";
        });
  }

  private static Object openMany(Rival on, String in) throws ErrnoException {
    List<Integer> open = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        open.add(on.posix().open(in + "/file" + i, 0644, Flag.WRITE, Flag.CREATE));
      }
      return "opened";
    } finally {
      for (int file : open) {
        on.posix().close(file);
      }
    }
  }
}
