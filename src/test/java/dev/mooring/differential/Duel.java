package dev.mooring.differential;

import dev.mooring.contract.Posix;
import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What a few calls show on our mount and on C sshfs, as docs/SEMANTICS.md says that they differ.
 *
 * @param row the row's id
 * @param setting how the two mounts are made
 * @param calls makes the calls below a directory of its own; answers what they showed
 * @param ours what they show on our mount
 * @param theirs what they show on sshfs
 */
record Duel(String row, Setting setting, Calls calls, String ours, String theirs) {

  /** Longer than we wait for a server that says nothing, see {@link Setting#MORTAL}. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** The calls; {@code in} is the directory. */
  @FunctionalInterface
  interface Calls {
    Object make(Rival on, String in) throws Exception;
  }

  /** All duels there are. */
  static List<Duel> all() {
    return Stream.of(
            FileDuels.ALL,
            NameDuels.ALL,
            AttributeDuels.ALL,
            ErrnoDuels.ALL,
            CoherenceDuels.ALL,
            LossDuels.ALL)
        .flatMap(List::stream)
        .toList();
  }

  /** What was shown on this mount, be it an error. */
  String shownOn(Rival rival, String in) throws Exception {
    return outcome(() -> calls.make(rival, in));
  }

  /** What a call shows, be it an error. */
  static String outcome(Callable<?> call) throws Exception {
    try {
      return String.valueOf(call.call());
    } catch (ErrnoException e) {
      return e.errno().name();
    } catch (AssertionError unknown) {
      return Rival.foreignErrno(unknown);
    }
  }

  /**
   * The same of a call that may be held up: nothing, if it takes more than a few seconds.
   *
   * @param release lets it go on, and is called in any case
   */
  static String patiently(Callable<?> call, Callable<?> release) throws Exception {
    FutureTask<String> task = new FutureTask<>(() -> outcome(call));
    Thread.ofPlatform().daemon().start(task);
    try {
      return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return "";
    } finally {
      release.call();
      task.get(4 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Makes or replaces a file. */
  static void write(Posix posix, String path, String content) throws ErrnoException {
    int file = posix.open(path, 0644, Flag.WRITE, Flag.CREATE, Flag.TRUNCATE);
    try {
      byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
      for (int done = 0; done < bytes.length; ) {
        done += posix.pwrite(file, Arrays.copyOfRange(bytes, done, bytes.length), done);
      }
    } finally {
      posix.close(file);
    }
  }

  /** Has another make a file; a listing that the mount knows may hide it for a second. */
  static void prepare(Rival on, String path, String content) throws ErrnoException {
    write(on.behind(), path, content);
    awaitName(on, path);
  }

  /** Waits until the mount shows what another has made. */
  static void awaitName(Rival on, String path) {
    Awaitility.await().until(() -> !outcome(() -> on.posix().lstat(path)).equals("ENOENT"));
  }

  /** What is in a file. */
  static String read(Posix posix, String path) throws ErrnoException {
    int file = posix.open(path, 0, Flag.READ);
    try {
      return read(posix, file);
    } finally {
      posix.close(file);
    }
  }

  /** What is in an open file. */
  static String read(Posix posix, int file) throws ErrnoException {
    return new String(posix.pread(file, 1 << 20, 0), StandardCharsets.ISO_8859_1);
  }

  /** Whether it becomes true in this time. */
  static boolean within(Duration time, Callable<Boolean> condition) {
    try {
      Awaitility.await().pollInterval(Duration.ofMillis(100)).atMost(time).until(condition);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
