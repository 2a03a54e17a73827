package dev.mooring.mount;

import java.util.Map;
import java.util.TreeMap;

/**
 * Who uses a volume: Docker's ids of callers, each with how often it mounted. {@code docker cp} on
 * a running container mounts and unmounts with the container's own id, so that a set would end the
 * container's mount.
 *
 * <p>Immutable.
 */
public record CallerIds(Map<String, Integer> counts) {
  /** Nobody. */
  public static final CallerIds NONE = new CallerIds(Map.of());

  public CallerIds {
    counts = Map.copyOf(counts);
  }

  /** With one mount more of this id. */
  public CallerIds plus(String id) {
    Map<String, Integer> more = new TreeMap<>(counts);
    more.merge(id, 1, Integer::sum);
    return new CallerIds(more);
  }

  /** With one mount less of this id; the same when it has none. */
  public CallerIds minus(String id) {
    Map<String, Integer> fewer = new TreeMap<>(counts);
    fewer.computeIfPresent(id, (_, count) -> count > 1 ? count - 1 : null);
    return new CallerIds(fewer);
  }

  /** Whether nobody uses it. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }
}
