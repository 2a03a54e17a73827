package dev.mooring.differential;

import static dev.mooring.differential.Duel.read;
import static dev.mooring.differential.Duel.write;

import dev.mooring.contract.Posix;
import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.ErrnoException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Opening, reading and writing. */
final class FileDuels {
  private static final int LARGE = 20_000;

  static final List<Duel> ALL =
      List.of(
          new Duel("open.create", Setting.STRICT_UMASK, FileDuels::create, "644", "600"),
          new Duel("open.exclusive", Setting.OTHERS_FIRST, FileDuels::lockFile, "EEXIST", "EPERM"),
          new Duel(
              "open.irregular", Setting.FIFO_FIRST, FileDuels::openFifo, "EOPNOTSUPP", "blocks"),
          new Duel("read.short", Setting.SMALL_READS, FileDuels::readLarge, "20000", "8000"),
          new Duel(
              "server.small-reads", Setting.SMALL_READS, FileDuels::copyLarge, "20000", "8000"),
          new Duel("write.allocate", Setting.DEFAULT, FileDuels::allocate, "9", "EOPNOTSUPP"),
          new Duel("write.copy", Setting.NOTING, FileDuels::copy, "[]", "[read, write]"),
          new Duel(
              "write.close-failed", Setting.FAILING_CLOSE, FileDuels::close, "told", "silent"));

  private FileDuels() {}

  private static Object create(Rival on, String in) throws ErrnoException {
    write(on.posix(), in + "/file", "content");
    return "%o".formatted(on.posix().lstat(in + "/file").permissions());
  }

  private static Object lockFile(Rival on, String in) throws ErrnoException {
    on.posix().close(on.posix().open(in + "/lock", 0644, Flag.WRITE, Flag.CREATE, Flag.EXCLUSIVE));
    return "made";
  }

  /** It becomes one just when the server is asked to make it. */
  private static Object openFifo(Rival on, String in) throws Exception {
    String fifo = in + "/fifo";
    String seen =
        Duel.patiently(
            () -> {
              on.posix().close(on.posix().open(fifo, 0644, Flag.WRITE, Flag.CREATE));
              return "opened";
            },
            () -> {
              // Somebody at the other end, for whom the server waits.
              on.behind().close(on.behind().open(fifo, 0, Flag.READ, Flag.WRITE));
              return "released";
            });
    return seen.isEmpty() ? "blocks" : seen;
  }

  private static Object readLarge(Rival on, String in) throws ErrnoException {
    Duel.prepare(on, in + "/large", "x".repeat(LARGE));
    return read(on.posix(), in + "/large").length();
  }

  private static Object copyLarge(Rival on, String in) throws Exception {
    Duel.prepare(on, in + "/large", "x".repeat(LARGE));
    Files.copy(on.mounted(in + "/large"), on.served(in + "/copy"));
    return Files.size(on.served(in + "/copy"));
  }

  private static Object allocate(Rival on, String in) throws ErrnoException {
    Posix posix = on.posix();
    int file = posix.open(in + "/file", 0644, Flag.WRITE, Flag.CREATE);
    try {
      posix.fallocate(file, 0, 9);
      return posix.fstat(file).size();
    } finally {
      posix.close(file);
    }
  }

  private static Object copy(Rival on, String in) throws Exception {
    Posix posix = on.posix();
    Duel.prepare(on, in + "/from", "x".repeat(LARGE));
    int from = posix.open(in + "/from", 0, Flag.READ);
    int to = posix.open(in + "/to", 0644, Flag.WRITE, Flag.CREATE);
    List<String> before = on.notes();
    posix.copyFileRange(from, 0, to, 0, LARGE);
    posix.close(to);
    List<String> asked = on.notes().subList(before.size(), on.notes().size());
    posix.close(from);
    return Set.copyOf(asked).stream().sorted().toList();
  }

  private static Object close(Rival on, String in) throws Exception {
    write(on.posix(), in + "/name-of-file", "content");
    boolean told = Duel.within(Duration.ofSeconds(1), () -> on.log().contains("name-of-file"));
    return told ? "told" : "silent";
  }
}
