package dev.mooring.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All that the names of a directory may lead to on the server. */
final class PossibleNames {

  /** What a name leads to. */
  sealed interface Thing {}

  /** A file, by a number of ours. */
  record File(int number) implements Thing {}

  /** An empty directory. */
  record Dir() implements Thing {}

  /** A symbolic link. */
  record Link() implements Thing {}

  private Set<Map<String, Thing>> worlds = new HashSet<>(Set.of(Map.of()));

  /** Whether some world is like that. */
  boolean maybe(Predicate<Map<String, Thing>> like) {
    return worlds.stream().anyMatch(like);
  }

  /** Whether all worlds are like that. */
  boolean always(Predicate<Map<String, Thing>> like) {
    return worlds.stream().allMatch(like);
  }

  /** What a name leads to in the only world that is possible; null for nothing. */
  @Nullable Thing only(String name) {
    return worlds.iterator().next().get(name);
  }

  /** What a name may lead to; null for nothing is left out. */
  Set<Thing> at(String name) {
    Set<Thing> things = new HashSet<>();
    for (Map<String, Thing> world : worlds) {
      Thing thing = world.get(name);
      if (thing != null) {
        things.add(thing);
      }
    }
    return things;
  }

  /**
   * A change was reported as done: only worlds in which it was possible are left.
   *
   * @return whether there are any
   */
  boolean done(Predicate<Map<String, Thing>> possible, UnaryOperator<Map<String, Thing>> change) {
    return replace(world -> possible.test(world) ? Set.of(change.apply(world)) : Set.of());
  }

  /** A change was reported as refused, for a reason: only worlds in which it holds are left. */
  boolean refused(Predicate<Map<String, Thing>> because) {
    return replace(world -> because.test(world) ? Set.of(world) : Set.of());
  }

  /** Nobody knows whether a change was made. */
  void unknown(Predicate<Map<String, Thing>> possible, UnaryOperator<Map<String, Thing>> change) {
    replace(world ->
        possible.test(world) ? new HashSet<>(List.of(world, change.apply(world))) : Set.of(world));
  }

  private boolean replace(Function<Map<String, Thing>, Set<Map<String, Thing>>> by) {
    Set<Map<String, Thing>> next = new HashSet<>();
    worlds.forEach(world -> next.addAll(by.apply(world)));
    worlds = next;
    return !next.isEmpty();
  }

  /** The server has been looked at. */
  boolean settle(Map<String, Thing> actual) {
    boolean possible = worlds.contains(actual);
    worlds = new HashSet<>(Set.of(Map.copyOf(actual)));
    return possible;
  }

  /** A world with one name more, or leading elsewhere. */
  static Map<String, Thing> with(Map<String, Thing> world, String name, Thing thing) {
    Map<String, Thing> changed = new HashMap<>(world);
    changed.put(name, thing);
    return Map.copyOf(changed);
  }

  /** A world with one name less. */
  static Map<String, Thing> without(Map<String, Thing> world, String name) {
    Map<String, Thing> changed = new HashMap<>(world);
    changed.remove(name);
    return Map.copyOf(changed);
  }

  @Override
  public String toString() {
    return worlds.toString();
  }
}
