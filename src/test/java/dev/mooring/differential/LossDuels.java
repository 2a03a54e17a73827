package dev.mooring.differential;

import static dev.mooring.differential.Duel.outcome;
import static dev.mooring.differential.Duel.write;

import dev.mooring.contract.Posix;
import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** The server's process ends, or hangs, and can be reached again. */
final class LossDuels {
  static final List<Duel> ALL =
      List.of(
          new Duel("lost.nothing", Setting.MORTAL, LossDuels::writeOn, "1234567", "EIO"),
          new Duel("lost.identity", Setting.MORTAL, LossDuels::writeToReplaced, "ESTALE", "EIO"),
          new Duel("lost.soft", Setting.MORTAL, LossDuels::hang, "EIO", "waits"),
          new Duel("lost.once", Setting.CUT_AFTER_MKDIR, LossDuels::mkdir, "made", "EIO"),
          new Duel("lost.append", Setting.CUT_AT_WRITE, LossDuels::append, "one, two", "EIO"));

  private LossDuels() {}

  private static Object writeOn(Rival on, String in) throws Exception {
    Posix posix = on.posix();
    int file = posix.open(in + "/file", 0644, Flag.WRITE, Flag.CREATE);
    try {
      posix.pwrite(file, "1234".getBytes(StandardCharsets.US_ASCII), 0);
      on.kill();
      posix.pwrite(file, "567".getBytes(StandardCharsets.US_ASCII), 4);
      posix.fsync(file);
      return Files.readString(on.served(in + "/file"));
    } finally {
      closeInVain(posix, file);
    }
  }

  /** Of a descriptor that sshfs has lost. */
  private static void closeInVain(Posix posix, int file) throws Exception {
    outcome(() -> {
      posix.close(file);
      return "closed";
    });
  }

  private static Object writeToReplaced(Rival on, String in) throws Exception {
    Posix posix = on.posix();
    Duel.prepare(on, in + "/file", "content");
    int file = posix.open(in + "/file", 0, Flag.WRITE);
    try {
      posix.pwrite(file, new byte[3], 0);
      posix.fsync(file);
      on.kill();
      write(on.behind(), in + "/other", "another, which is longer");
      on.behind().rename(in + "/other", in + "/file", RenameFlags.REPLACE);
      return outcome(() -> {
        posix.pwrite(file, new byte[5], 0);
        posix.fsync(file);
        return "written";
      });
    } finally {
      closeInVain(posix, file);
    }
  }

  private static Object mkdir(Rival on, String in) throws ErrnoException {
    on.posix().mkdir(in + "/dir", 0755);
    return "made";
  }

  private static Object append(Rival on, String in) throws Exception {
    Duel.prepare(on, in + "/log", "one");
    Posix posix = on.posix();
    int log = posix.open(in + "/log", 0, Flag.WRITE, Flag.APPEND);
    posix.pwrite(log, ", two".getBytes(StandardCharsets.US_ASCII), 0);
    posix.close(log);
    return Files.readString(on.served(in + "/log"));
  }

  private static Object hang(Rival on, String in) throws Exception {
    // Whoever was killed before has to be there again.
    on.posix().lstat(in);
    on.signal("STOP");
    String seen =
        Duel.patiently(
            () -> mkdir(on, in),
            () -> {
              on.signal("CONT");
              return "released";
            });
    return seen.isEmpty() ? "waits" : seen;
  }
}
