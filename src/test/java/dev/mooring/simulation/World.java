package dev.mooring.simulation;

import dev.mooring.contract.WaistPosix;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.testing.ReferenceFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One state in which the files and what is open may be: the model after some calls in some order.
 */
final class World {
  private final Pace pace;
  private final Processes processes;
  private final List<Step> past = new ArrayList<>();
  private String expected = "";

  /**
   * Whether a file has had two names, or was renamed by others while it was being written. SFTP
   * does not say so: to the mount each name is a file of its own, and what is changed by one is
   * seen by the other when it has been written and the lifetimes are over.
   */
  private boolean linked;

  /** Nothing has happened yet. */
  World(Pace pace) {
    this.pace = pace;
    ReferenceFileSystem files = new ReferenceFileSystem(pace);
    processes = new Processes(new WaistPosix(files, pace, () -> {}), _ -> {});
  }

  /** The same again, to go another way. */
  World copy() {
    World copy = new World(pace);
    past.forEach(copy::make);
    copy.linked = linked;
    return copy;
  }

  /**
   * Makes the call of a step.
   *
   * @param seen what its caller saw
   * @return whether that can be what it saw
   */
  boolean explains(Step step, String seen) throws ErrnoException {
    String must = make(step);
    linked |= must.equals("done") && makesAnotherFile(step);
    expected = step + "=" + must;
    return seen.equals(must) || (linked && Contents.vague(seen).equals(Contents.vague(must)));
  }

  private boolean makesAnotherFile(Step step) throws ErrnoException {
    return switch (step.verb()) {
      case LINK -> true;
      case RENAME -> step.caller() == Step.BEHIND && !processes.inodesBeingWritten().isEmpty();
      default -> false;
    };
  }

  /** What the caller of the last step must have seen. */
  String expected() {
    return expected;
  }

  private String make(Step step) {
    past.add(step);
    return processes.run(step);
  }

  /** Paths of files that are open for writing: nobody but their writers knows what is in them. */
  Set<String> beingWritten() throws ErrnoException {
    return Tree.pathsOf(processes.posix(), processes.inodesBeingWritten());
  }

  Map<String, String> tree(Set<String> vague) throws ErrnoException {
    return Tree.of(processes.posix(), vague);
  }

  /** Tells worlds apart: what is in all files, those without a name included. */
  String signature() throws ErrnoException {
    return tree(Set.of()) + processes.openFiles();
  }
}
