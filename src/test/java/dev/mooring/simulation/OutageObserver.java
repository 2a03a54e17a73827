package dev.mooring.simulation;

import dev.mooring.fs.ErrnoException;
import dev.mooring.simulation.PossibleNames.Dir;
import dev.mooring.simulation.PossibleNames.File;
import dev.mooring.simulation.PossibleNames.Link;
import dev.mooring.simulation.PossibleNames.Thing;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Knows what files may contain, and looks whether the server has what is possible. */
final class OutageObserver {
  private final OutageStage stage;
  private final PossibleNames names;
  private final Map<Integer, PossibleContent> contents = new HashMap<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private int synced;

  OutageObserver(OutageJudge judge) {
    stage = judge.stage;
    names = judge.names;
  }

  /** A file may come to be; its number. */
  int add() {
    int number = contents.size() + 1;
    contents.put(number, new PossibleContent());
    return number;
  }

  /** What a file may contain. */
  PossibleContent content(int file) {
    return Objects.requireNonNull(contents.get(file));
  }

  /** All of a file is on the server until the next step begins. */
  void isSynced(int file) {
    synced = file;
  }

  /** Another step begins. */
  void begin() {
    synced = 0;
  }

  /** What the server has must be one of what is possible; from then on it is certain. */
  void observe() throws ErrnoException {
    Map<String, Thing> actual = new HashMap<>();
    for (OutageStage.OnServer there : stage.tree()) {
      Thing thing =
          switch (there.type()) {
            case DIRECTORY -> new Dir();
            case SYMLINK -> new Link();
            default -> new File(number(there));
          };
      actual.put(there.name(), thing);
      if (thing instanceof File file) {
        PossibleContent content = content(file.number());
        String fault = content.faultOf(there.content().array());
        if (!fault.isEmpty()) {
          throw new AssertionError(there.name() + " on the server " + fault);
        }
        if (file.number() == synced) {
          content.settle(there.content().array());
        }
      }
    }
    String possible = names.toString();
    if (!names.settle(actual)) {
      throw new AssertionError("the server has " + actual + ", possible is only " + possible);
    }
  }

  /** The number of a file; one that was not seen before was just made. */
  private int number(OutageStage.OnServer there) {
    return numbers.computeIfAbsent(
        there.inode(),
        _ ->
            names.at(there.name()).stream()
                .mapMulti((Thing thing, Consumer<Integer> to) -> {
                  if (thing instanceof File file && !numbers.containsValue(file.number())) {
                    to.accept(file.number());
                  }
                })
                .findFirst()
                .orElseThrow(() -> new AssertionError(there.name() + ": a file nobody made")));
  }
}
