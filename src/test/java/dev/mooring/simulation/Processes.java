package dev.mooring.simulation;

import dev.mooring.contract.Posix;
import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.RenameFlags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * The callers of one file system, each with its own open files. Callers may call at the same time,
 * each one thing at a time.
 */
final class Processes {
  private static final int MOST_OPEN = 3;
  private static final int ALL = 1 << 20;

  private final Posix posix;
  private final LongConsumer sleep;
  private final Map<Integer, List<Opened>> open = new ConcurrentHashMap<>();

  private record Opened(int descriptor, boolean reads, boolean writes) {}

  /**
   * Callers without open files.
   *
   * @param sleep lets so many milliseconds pass
   */
  Processes(Posix posix, LongConsumer sleep) {
    this.posix = posix;
    this.sleep = sleep;
  }

  Posix posix() {
    return posix;
  }

  /** Makes the call of a step; answers what its caller saw, be it the name of an error. */
  String run(Step step) {
    try {
      return switch (step.verb().subject()) {
        case DESCRIPTOR -> openOf(step).isEmpty() ? "nothing open" : onDescriptor(step);
        case PATH -> onPath(step, step.path());
        case TWO_PATHS -> done(() -> onTwoPaths(step, step.path(), step.other()));
        case NOTHING -> done(() -> sleep.accept(1L << step.number() % 14));
      };
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  private interface Call {
    void make() throws ErrnoException;
  }

  private static String done(Call call) throws ErrnoException {
    call.make();
    return "done";
  }

  private String onDescriptor(Step step) throws ErrnoException {
    int file = descriptor(step, step.number());
    long offset = Operands.offset(step);
    return switch (step.verb()) {
      case CLOSE -> close(step);
      case READ -> Contents.shown(posix.pread(file, ALL, 0));
      case PREAD -> Contents.shown(posix.pread(file, 1 + step.number() % 23, offset));
      case WRITE -> posix.pwrite(file, Contents.of(step), offset) + " written";
      case FSTAT -> Contents.shown(posix.fstat(file));
      case FSYNC -> done(() -> posix.fsync(file));
      case SYNCFS -> done(() -> posix.syncfs(file));
      case FTRUNCATE -> done(() -> posix.ftruncate(file, Operands.size(step)));
      case FUTIMENS ->
          done(() -> posix.futimens(file, Operands.accessed(step), Operands.modified(step)));
      case FALLOCATE -> done(() -> posix.fallocate(file, offset, 1 + Operands.size(step)));
      case COPY -> {
        int to = descriptor(step, step.number() / 3);
        yield posix.copyFileRange(file, 0, to, offset, 1 + step.number() % 9) + " copied";
      }
      default -> throw new IllegalArgumentException(step.toString());
    };
  }

  private String onPath(Step step, String path) throws ErrnoException {
    return switch (step.verb()) {
      case OPEN -> open(step, Operands.flags(step));
      case STAT -> Contents.shown(posix.stat(path));
      case LSTAT -> Contents.shown(posix.lstat(path));
      case READDIR -> posix.readdir(path).stream().sorted().toList().toString();
      case READLINK -> posix.readlink(path);
      case GET -> get(path);
      case PUT -> put(step);
      case MKDIR -> done(() -> posix.mkdir(path, 0755));
      case RMDIR -> done(() -> posix.rmdir(path));
      case UNLINK -> done(() -> posix.unlink(path));
      case CHMOD -> done(() -> posix.chmod(path, Operands.permissions(step)));
      case LCHOWN -> done(() -> posix.lchown(path, step.number() % 3, step.number() % 4 - 1));
      case TRUNCATE -> done(() -> posix.truncate(path, Operands.size(step)));
      case UTIMENSAT ->
          done(() -> posix.utimensat(path, Operands.accessed(step), Operands.modified(step)));
      default -> throw new IllegalArgumentException(step.toString());
    };
  }

  private void onTwoPaths(Step step, String path, String other) throws ErrnoException {
    switch (step.verb()) {
      case RENAME -> posix.rename(path, other, RenameFlags.REPLACE);
      case NOREPLACE -> posix.rename(path, other, RenameFlags.NO_REPLACE);
      case LINK -> posix.link(path, other);
      case SYMLINK -> posix.symlink(other, path);
      default -> throw new IllegalArgumentException(step.toString());
    }
  }

  private String open(Step step, List<Flag> flags) throws ErrnoException {
    List<Opened> mine = openOf(step);
    if (mine.size() == MOST_OPEN) {
      return "enough open";
    }
    int descriptor = posix.open(step.path(), 0644, flags.toArray(Flag[]::new));
    mine.add(new Opened(descriptor, flags.contains(Flag.READ), flags.contains(Flag.WRITE)));
    return "opened";
  }

  private String close(Step step) throws ErrnoException {
    List<Opened> mine = openOf(step);
    posix.close(mine.remove(step.number() % mine.size()).descriptor);
    return "closed";
  }

  private int descriptor(Step step, int number) {
    List<Opened> mine = openOf(step);
    return mine.get(number % mine.size()).descriptor;
  }

  private String get(String path) throws ErrnoException {
    int file = posix.open(path, 0, Flag.READ);
    try {
      return Contents.shown(posix.pread(file, ALL, 0));
    } finally {
      posix.close(file);
    }
  }

  private String put(Step step) throws ErrnoException {
    int file = posix.open(step.path(), 0644, Flag.WRITE, Flag.CREATE, Flag.TRUNCATE);
    try {
      return posix.pwrite(file, Contents.of(step), 0) + " put";
    } finally {
      posix.close(file);
    }
  }

  /** The files that somebody has open for writing: the server may not have all of them yet. */
  Set<Long> inodesBeingWritten() throws ErrnoException {
    Set<Long> inodes = new HashSet<>();
    for (Opened file : all()) {
      if (file.writes) {
        inodes.add(posix.fstat(file.descriptor).inode());
      }
    }
    return inodes;
  }

  /** Waits until the server has all that was written. */
  void fsyncAll() throws ErrnoException {
    for (Opened file : all()) {
      posix.fsync(file.descriptor);
    }
  }

  /** What fallocate(2) does, by ftruncate(2). */
  void extendInsteadOf(Step fallocate) throws ErrnoException {
    int file = descriptor(fallocate, fallocate.number());
    long end = Operands.offset(fallocate) + 1 + Operands.size(fallocate);
    if (posix.fstat(file).size() < end) {
      posix.ftruncate(file, end);
    }
  }

  /** Each open file, with its content where the descriptor can read it. */
  String openFiles() throws ErrnoException {
    StringBuilder text = new StringBuilder();
    for (Opened file : all()) {
      text.append(Contents.shown(posix.fstat(file.descriptor)));
      text.append(file.reads ? Contents.shown(posix.pread(file.descriptor, ALL, 0)) : "");
      text.append('\n');
    }
    return text.toString();
  }

  /** Closes all that is open. */
  void closeAll() throws ErrnoException {
    for (Opened file : all()) {
      posix.close(file.descriptor);
    }
    open.clear();
  }

  private List<Opened> all() {
    return open.values().stream().flatMap(List::stream).toList();
  }

  private List<Opened> openOf(Step step) {
    return open.computeIfAbsent(step.caller(), _ -> new ArrayList<>());
  }
}
