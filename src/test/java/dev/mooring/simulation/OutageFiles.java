package dev.mooring.simulation;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import dev.mooring.simulation.OutageStep.Severity;
import dev.mooring.simulation.PossibleNames.File;
import dev.mooring.simulation.PossibleNames.Link;
import dev.mooring.simulation.PossibleNames.Thing;
import dev.mooring.testing.Bytes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Makes calls on open files, and checks that each answer fits what the files may contain. */
final class OutageFiles {
  private final OutageStage stage;
  private final OutageJudge judge;
  private final OutageObserver observer;
  private final PossibleNames names;
  private final Map<Integer, Handle> handles = new HashMap<>();
  private int opened;
  private int writes;

  /** An open file; hurt once something went wrong while it was open. */
  private static final class Handle {
    final int id;
    final int file;
    final OpenFile open;
    final boolean appends;
    boolean hurt;

    Handle(int id, int file, OpenFile open, boolean appends) {
      this.id = id;
      this.file = file;
      this.open = open;
      this.appends = appends;
    }
  }

  @FunctionalInterface
  private interface OnHandle {
    void run(OutageStep step, Handle handle) throws ErrnoException;
  }

  OutageFiles(OutageJudge judge, OutageObserver observer) {
    this.judge = judge;
    this.observer = observer;
    stage = judge.stage;
    names = judge.names;
  }

  /** Something goes wrong that every open file may notice. */
  void hurtAll() {
    handles.values().forEach(handle -> handle.hurt = true);
  }

  /** Closes what is open. */
  void closeAll() {
    List.copyOf(handles.keySet()).forEach(this::close);
  }

  private void mustBeExcused(Handle handle, ErrnoException e) {
    judge.mustBeExcused(handle.file, handle.hurt, e);
    content(handle).areDoubtful(handle.id);
  }

  private PossibleContent content(Handle handle) {
    return observer.content(handle.file);
  }

  /** Makes a file in a slot, or opens what is there. */
  void create(OutageStep step, OpenFlags flags) {
    close(step.slot());
    String name = step.name();
    int number = observer.add();
    try {
      Node node = judge.timed(() -> stage.find(name));
      stage.forget(node);
      // The kernel follows a link that it has looked up, and refuses what is there by itself.
      boolean link = names.maybe(world -> world.get(name) instanceof Link);
      if (node != null && (flags.exclusive() || link)) {
        return;
      }
    } catch (ErrnoException e) {
      judge.mustBeExcused(e);
      return;
    }
    Predicate<Map<String, Thing>> possible =
        world ->
            !world.containsKey(name) || (!flags.exclusive() && world.get(name) instanceof File);
    UnaryOperator<Map<String, Thing>> change =
        world ->
            world.containsKey(name) ? world : PossibleNames.with(world, name, new File(number));
    try {
      OpenFile file = judge.timed(() -> stage.create(name, flags));
      if (!names.done(possible, change)) {
        throw new AssertionError("made, though that was not possible");
      }
      observer.observe();
      opened(step.slot(), name, file, false);
    } catch (ErrnoException e) {
      judge.leavesUnknown(e, possible, change);
    }
  }

  private void opened(int slot, String name, OpenFile file, boolean appends) {
    if (names.only(name) instanceof File there) {
      handles.put(slot, new Handle(++opened, there.number(), file, appends));
    } else {
      throw new AssertionError("opened what is no file");
    }
  }

  /** Opens what a name leads to, in a slot. */
  void open(OutageStep step, OpenFlags flags) {
    close(step.slot());
    String name = step.name();
    Node node = null;
    try {
      node = judge.timed(() -> stage.find(name));
      Node found = node;
      if (found == null) {
        boolean absent = names.maybe(world -> !world.containsKey(name));
        if (!absent && !judge.isMischief()) {
          throw new AssertionError(name + " is not found, though it is there");
        }
        return;
      }
      OpenFile file = judge.timed(() -> stage.open(found, flags));
      opened(step.slot(), name, file, flags.append());
    } catch (ErrnoException e) {
      boolean aFile = names.only(name) instanceof File;
      if (aFile) {
        judge.mustBeExcused(e);
      }
    } finally {
      stage.forget(node);
    }
  }

  private void onHandle(OutageStep step, OnHandle call) {
    Handle handle = handles.get(step.slot());
    if (handle != null) {
      try {
        call.run(step, handle);
      } catch (ErrnoException e) {
        mustBeExcused(handle, e);
      }
    }
  }

  /** Writes what no other step writes. */
  void write(OutageStep step) {
    onHandle(step, this::write);
  }

  /** Reads, and finds what may be there. */
  void read(OutageStep step) {
    onHandle(step, this::read);
  }

  /** From then on all that was written is on the server, or an error was reported. */
  void fsync(OutageStep step) {
    onHandle(step, (_, handle) -> sync(handle, false));
  }

  /** Sets the size. */
  void truncate(OutageStep step) {
    onHandle(step, this::truncate);
  }

  private void write(OutageStep step, Handle handle) throws ErrnoException {
    byte[] bytes = new byte[step.length()];
    writes++;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (1 + (writes * 31 + i * 7) % 251);
    }
    if (handle.appends) {
      content(handle).append(handle.id, bytes);
    } else {
      content(handle).write(handle.id, step.at(), bytes);
    }
    judge.timed(() ->
        handle.open.write(handle.appends ? 0 : step.at(), Bytes.payload(bytes), stage.caller()));
  }

  private void read(OutageStep step, Handle handle) throws ErrnoException {
    byte[] bytes =
        judge.timed(() -> Bytes.read(handle.open, step.at(), step.length(), stage.caller()));
    boolean certain = judge.severity == Severity.CUTS;
    String fault = content(handle).faultOfPart(bytes, step.at(), step.length(), certain);
    if (!fault.isEmpty() && !(fault.startsWith("ends") && judge.isMischief())) {
      throw new AssertionError("what was read " + fault);
    }
  }

  private void sync(Handle handle, boolean last) throws ErrnoException {
    // As long as the server takes bytes, and the caller's time once more.
    Duration most = OutageStage.TIMEOUT.multipliedBy(3);
    judge.timed(
        most,
        () -> {
          if (last) {
            handle.open.flush(stage.caller());
          } else {
            handle.open.fsync(false, stage.caller());
          }
          return true;
        });
    if (judge.severity == Severity.CUTS) {
      content(handle).allAreCertain();
      observer.isSynced(handle.file);
    } else {
      content(handle).areCertain(handle.id);
    }
  }

  private void truncate(OutageStep step, Handle handle) throws ErrnoException {
    content(handle).resize(handle.id, step.at());
    judge.timedChange(() -> stage.truncate(handle.open, step.at()));
    content(handle).lastIsCertain();
  }

  /** Closes what is open in a slot, which tells what is untold. */
  void close(int slot) {
    Handle handle = handles.remove(slot);
    if (handle != null) {
      try {
        sync(handle, true);
      } catch (ErrnoException e) {
        mustBeExcused(handle, e);
      } finally {
        handle.open.release();
      }
    }
  }
}
