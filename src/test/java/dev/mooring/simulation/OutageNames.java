package dev.mooring.simulation;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Node;
import dev.mooring.simulation.PossibleNames.Dir;
import dev.mooring.simulation.PossibleNames.Thing;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls that change and look up names, and checks that each answer fits what may be there.
 */
final class OutageNames {
  private final OutageStage stage;
  private final OutageJudge judge;
  private final PossibleNames names;

  OutageNames(OutageJudge judge) {
    this.judge = judge;
    stage = judge.stage;
    names = judge.names;
  }

  /** Makes something where nothing is. */
  void make(String name, Thing thing, OutageJudge.Change call) {
    change(
        List.of(name),
        true,
        call,
        world -> !world.containsKey(name),
        world -> PossibleNames.with(world, name, thing));
  }

  /** Removes what can be removed this way. */
  void remove(String name, OutageJudge.Change call, Predicate<Thing> removable) {
    change(
        List.of(name),
        false,
        call,
        world -> world.containsKey(name) && removable.test(thing(world, name)),
        world -> PossibleNames.without(world, name));
  }

  /** Gives something another name, of which it takes the place. */
  void rename(OutageStep step) {
    String from = step.name();
    String to = step.other();
    if (!from.equals(to)) {
      change(
          List.of(from, to),
          false,
          () -> stage.rename(from, to),
          world -> world.containsKey(from) && fits(thing(world, from), world.get(to)),
          world -> PossibleNames.with(PossibleNames.without(world, from), to, thing(world, from)));
    }
  }

  private static Thing thing(Map<String, Thing> world, String name) {
    return Objects.requireNonNull(world.get(name), name);
  }

  private static boolean fits(Thing source, @Nullable Thing target) {
    return target == null || (source instanceof Dir) == (target instanceof Dir);
  }

  /** A call that changes names: done, refused for a reason that may hold, or nobody knows. */
  private void change(
      List<String> found,
      boolean makes,
      OutageJudge.Change call,
      Predicate<Map<String, Thing>> possible,
      UnaryOperator<Map<String, Thing>> change) {
    try {
      // The kernel has always looked up what it changes. It makes nothing that is there, and
      // neither removes nor renames what is not: then the file system is not asked at all.
      for (String name : found) {
        boolean there = isThere(name);
        if (there == makes && name.equals(found.getFirst())) {
          return;
        }
      }
    } catch (ErrnoException e) {
      judge.mustBeExcused(e);
      return;
    }
    try {
      judge.timedChange(call);
      if (!names.done(possible, change)) {
        throw new AssertionError("done, though it was not possible");
      }
    } catch (ErrnoException e) {
      if (judge.leavesUnknown(e, possible, change) && stage.replacesInSteps() && found.size() > 1) {
        names.unknown(possible, world -> PossibleNames.without(world, found.getLast()));
      }
    }
  }

  /** Lists, and finds all names and no other. */
  void list() {
    try {
      List<String> listed = judge.timed(stage::list);
      listed.removeIf(name -> name.contains(".mooring-"));
      boolean right =
          names.maybe(world -> world.keySet().equals(new HashSet<>(listed)))
              && new HashSet<>(listed).size() == listed.size();
      if (!right && !judge.isMischief()) {
        throw new AssertionError(listed + " is listed, but there is " + names);
      }
    } catch (ErrnoException e) {
      judge.mustBeExcused(e);
    }
  }

  /** Looks up a name, and finds it if it is there. */
  private boolean isThere(String name) throws ErrnoException {
    Node node = judge.timed(() -> stage.find(name));
    stage.forget(node);
    boolean right = names.maybe(world -> world.containsKey(name) == (node != null));
    if (!right && !judge.isMischief()) {
      throw new AssertionError(name + (node == null ? " is not" : " is") + " there: " + names);
    }
    return node != null;
  }

  /** Looks up a name. */
  void stat(String name) {
    try {
      isThere(name);
    } catch (ErrnoException e) {
      judge.mustBeExcused(e);
    }
  }
}
