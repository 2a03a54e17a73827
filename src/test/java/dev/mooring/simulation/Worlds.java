package dev.mooring.simulation;

import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The states that are still possible. Calls made at the same time may have happened in any order;
 * what their callers saw, and what the server has, rules orders out. When none is left, something
 * happened that cannot be right.
 */
final class Worlds {
  private List<World> possible;

  /** Nothing has happened yet. */
  Worlds(Pace pace) {
    possible = List.of(new World(pace));
  }

  /** These calls were made at the same time, and this is what their callers saw. */
  void saw(Map<Step, String> seen) throws ErrnoException {
    List<List<Step>> orders = orders(List.copyOf(seen.keySet()));
    Map<String, World> after = new LinkedHashMap<>();
    Set<String> expected = new LinkedHashSet<>();
    for (World world : possible) {
      for (List<Step> order : orders) {
        World candidate = orders.size() == 1 ? world : world.copy();
        if (explains(candidate, order, seen, expected)) {
          after.put(candidate.signature(), candidate);
        }
      }
    }
    if (after.isEmpty()) {
      throw new AssertionError("seen %s, but it can only be %s".formatted(seen, expected));
    }
    possible = List.copyOf(after.values());
  }

  private static boolean explains(
      World world, List<Step> order, Map<Step, String> seen, Set<String> expected)
      throws ErrnoException {
    List<String> all = new ArrayList<>();
    boolean explained = true;
    for (Step step : order) {
      explained &= world.explains(step, seen.getOrDefault(step, ""));
      all.add(world.expected());
    }
    expected.add(String.join(", ", all));
    return explained;
  }

  /** This is what the server has, apart from files that are open for writing. */
  void serverHas(TreeOfServer server) throws ErrnoException {
    List<World> after = new ArrayList<>();
    Map<String, String> expected = Map.of();
    Map<String, String> found = Map.of();
    for (World world : possible) {
      Set<String> vague = world.beingWritten();
      expected = world.tree(vague);
      found = server.tree(vague);
      if (found.equals(expected)) {
        after.add(world);
      }
    }
    if (after.isEmpty()) {
      throw new AssertionError(
          "the server has%n%s%nbut it must be%n%s".formatted(lines(found), lines(expected)));
    }
    possible = after;
  }

  /** What the server has, without looking at what is in some of the files. */
  interface TreeOfServer {
    Map<String, String> tree(Set<String> vague) throws ErrnoException;
  }

  private static String lines(Map<String, String> tree) {
    List<String> lines = new ArrayList<>();
    tree.forEach((path, line) -> lines.add("  /" + path + ": " + line));
    return String.join("\n", lines);
  }

  private static List<List<Step>> orders(List<Step> steps) {
    if (steps.size() < 2) {
      return List.of(steps);
    }
    List<List<Step>> all = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      List<Step> rest = new ArrayList<>(steps);
      Step first = rest.remove(i);
      for (List<Step> order : orders(rest)) {
        List<Step> whole = new ArrayList<>(List.of(first));
        whole.addAll(order);
        all.add(whole);
      }
    }
    return all;
  }
}
