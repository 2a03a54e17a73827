package dev.mooring.simulation;

import dev.mooring.contract.SyscallPosix;
import dev.mooring.differential.Rival;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** The callers on one of two mounts, in a new directory of their own, and the server behind it. */
final class TracedMount implements AutoCloseable {
  /** How libfuse calls a file that was removed and is open. */
  private static final String HIDDEN = ".fuse_hidden";

  /** Where the callers are: their links may lead to the directory above, which is theirs too. */
  private static final String OWN = "/own";

  private final SyscallPosix mounted;
  private final SyscallPosix served;
  private final Processes processes;

  TracedMount(Rival rival, String directory) throws ErrnoException {
    rival.posix().mkdir(directory, 0755);
    rival.posix().mkdir(directory + OWN, 0755);
    mounted = new SyscallPosix(rival.mounted(directory + OWN), () -> {});
    served = new SyscallPosix(rival.served(directory), () -> {});
    processes = new Processes(mounted, _ -> {});
  }

  Processes processes() {
    return processes;
  }

  /** What the caller of this step saw, without hidden names. */
  String outcome(Step step) throws ErrnoException {
    try {
      return step.verb() == Verb.READDIR
          ? mounted.readdir(step.path()).stream()
              .filter(name -> !name.startsWith(HIDDEN))
              .sorted()
              .toList()
              .toString()
          : processes.run(step);
    } catch (ErrnoException e) {
      return e.errno().name();
    } catch (AssertionError unknown) {
      return Rival.foreignErrno(unknown);
    }
  }

  /** What the server has, but for hidden files, which go at any time. */
  Map<String, String> tree() throws ErrnoException {
    return Tree.of(served, Set.of(), name -> !name.startsWith(HIDDEN));
  }

  /** Removes what is hidden in the directory that a step is to remove or to replace. */
  boolean removeHidden(Step step) throws ErrnoException {
    String directory = step.verb() == Verb.RENAME ? step.other() : step.path();
    boolean any = false;
    for (String name : served.readdir(onServer(directory))) {
      if (name.startsWith(HIDDEN)) {
        served.unlink(onServer(directory) + "/" + name);
        any = true;
      }
    }
    return any;
  }

  private static String onServer(String path) {
    return OWN.substring(1) + "/" + path;
  }

  boolean isLink(String path) throws ErrnoException {
    try {
      return served.lstat(onServer(path)).type() == FileType.SYMLINK;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /** Gives what the server has the owners and times of the same at the other; false if it had. */
  boolean takeAttributesOf(TracedMount other) throws ErrnoException {
    Map<String, String> mine = tree();
    boolean any = false;
    for (Map.Entry<String, String> line : other.tree().entrySet()) {
      String path = line.getKey();
      if (mine.containsKey(path) && !line.getValue().equals(mine.get(path))) {
        Attributes right = other.served.lstat(path);
        served.lchown(path, right.uid(), right.gid());
        served.utimensat(
            path,
            new TimeChange.Set(right.accessedSeconds()),
            new TimeChange.Set(right.modifiedSeconds()));
        any = true;
      }
    }
    return any;
  }

  @Override
  public void close() throws IOException, ErrnoException {
    processes.closeAll();
    mounted.close();
    served.close();
  }
}
