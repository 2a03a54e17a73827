package dev.mooring.differential;

import static dev.mooring.differential.Duel.write;

import dev.mooring.contract.Posix;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.testing.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Owners and times. */
final class AttributeDuels {
  private static final TimeChange KEEP = new TimeChange.Keep();
  private static final TimeChange NOW = new TimeChange.Now();

  static final List<Duel> ALL =
      List.of(
          new Duel("owner.link", Setting.DEFAULT, AttributeDuels::chownLink, "3:4", "ENOENT"),
          new Duel(
              "owner.chown-auto", Setting.ORDINARY_LOGIN, AttributeDuels::chown, "3:4", "EACCES"),
          new Duel(
              "owner.create-caller", Setting.FOR_OTHERS, AttributeDuels::makeAs1234, "1234", "0"),
          new Duel("time.one", Setting.DEFAULT, AttributeDuels::setOne, "1000 2000", "1000 now"),
          new Duel("time.now", Setting.AHEAD, AttributeDuels::setToNow, "server's", "client's"),
          new Duel("time.range", Setting.DEFAULT, AttributeDuels::setBefore1970, "0", "4294967295"),
          new Duel("time.link", Setting.DEFAULT, AttributeDuels::setOfLink, "1000 2000", "ENOENT"));

  private AttributeDuels() {}

  private static Object owners(Posix posix, String path) throws ErrnoException {
    Attributes now = posix.lstat(path);
    return now.uid() + ":" + now.gid();
  }

  private static Object chownLink(Rival on, String in) throws ErrnoException {
    on.posix().symlink("nowhere", in + "/link");
    on.posix().lchown(in + "/link", 3, 4);
    return owners(on.posix(), in + "/link");
  }

  private static Object chown(Rival on, String in) throws ErrnoException {
    on.behind().chmod(in, 0777);
    write(on.posix(), in + "/file", "content");
    on.posix().lchown(in + "/file", 3, 4);
    return owners(on.posix(), in + "/file");
  }

  private static Object makeAs1234(Rival on, String in) throws Exception {
    on.behind().chmod(in, 0777);
    String file = "" + on.mounted(in + "/file");
    Command.run("setpriv", "--reuid", "1234", "--clear-groups", "touch", file);
    return on.behind().lstat(in + "/file").uid();
  }

  private static Object setOne(Rival on, String in) throws ErrnoException {
    write(on.posix(), in + "/file", "content");
    on.posix().utimensat(in + "/file", new TimeChange.Set(500), new TimeChange.Set(2000));
    on.posix().utimensat(in + "/file", new TimeChange.Set(1000), KEEP);
    return times(on.posix(), in + "/file");
  }

  /** The server's clock is an hour ahead of what its disk says. */
  private static Object setToNow(Rival on, String in) throws ErrnoException {
    write(on.posix(), in + "/file", "content");
    on.posix().utimensat(in + "/file", NOW, NOW);
    long onDisk = on.behind().lstat(in + "/file").modifiedSeconds();
    long behind = Instant.now().getEpochSecond() - onDisk;
    return behind < Duration.ofMinutes(30).toSeconds() ? "server's" : "client's";
  }

  private static Object setBefore1970(Rival on, String in) throws ErrnoException {
    write(on.posix(), in + "/file", "content");
    on.posix().utimensat(in + "/file", new TimeChange.Set(-1), new TimeChange.Set(-1));
    return on.posix().lstat(in + "/file").modifiedSeconds();
  }

  private static Object setOfLink(Rival on, String in) throws ErrnoException {
    on.posix().symlink("nowhere", in + "/link");
    on.posix().utimensat(in + "/link", new TimeChange.Set(1000), new TimeChange.Set(2000));
    return times(on.posix(), in + "/link");
  }

  private static String times(Posix posix, String path) throws ErrnoException {
    Attributes now = posix.lstat(path);
    boolean recent = now.modifiedSeconds() > 1_000_000;
    return now.accessedSeconds() + " " + (recent ? "now" : now.modifiedSeconds());
  }
}
