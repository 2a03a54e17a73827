package dev.mooring.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that one file may contain on the server: what is certain, and above it changes that are on
 * their way or whose fate nobody knows.
 */
final class PossibleContent {
  /** What is longer may go in several requests, of which a fault may spare some. */
  private static final int REQUEST = 32_768;

  /** A change of content. */
  private sealed interface Change {
    /** Whether there can be this byte at that place behind it. */
    boolean mayLeave(int at, byte seen);

    /** Whether nothing older can be at that place behind it. */
    boolean covers(int at);
  }

  /** Bytes at one of some offsets: several where bytes were appended to an uncertain length. */
  private record Write(Set<Integer> starts, ByteBuffer bytes) implements Change {
    private boolean reaches(int at, int start) {
      return at >= start && at < start + bytes.limit();
    }

    @Override
    public boolean mayLeave(int at, byte seen) {
      for (int start : starts) {
        if (reaches(at, start) && bytes.get(at - start) == seen) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean covers(int at) {
      for (int start : starts) {
        if (!reaches(at, start)) {
          return false;
        }
      }
      return true;
    }
  }

  private record Resize(int size) implements Change {
    @Override
    public boolean mayLeave(int at, byte seen) {
      return at >= size && seen == 0;
    }

    @Override
    public boolean covers(int at) {
      return at >= size;
    }
  }

  private static final class Step {
    final int by;
    final Change change;
    boolean certain;
    boolean doubtful;

    Step(int by, Change change) {
      this.by = by;
      this.change = change;
    }
  }

  private byte[] base = new byte[0];
  private final List<Step> steps = new ArrayList<>();

  /** Bytes were written at an offset, by an open file. */
  void write(int by, int offset, byte[] bytes) {
    for (int from = 0; from < bytes.length; from += REQUEST) {
      steps.add(new Step(by, new Write(Set.of(offset + from), part(bytes, from))));
    }
  }

  /** Bytes were appended. */
  void append(int by, byte[] bytes) {
    for (int from = 0; from < bytes.length; from += REQUEST) {
      steps.add(new Step(by, new Write(sizes(), part(bytes, from))));
    }
  }

  private static ByteBuffer part(byte[] bytes, int from) {
    return ByteBuffer.wrap(bytes, from, Math.min(REQUEST, bytes.length - from)).slice();
  }

  /** The size was set. */
  void resize(int by, int size) {
    steps.add(new Step(by, new Resize(size)));
  }

  /** The last change was acknowledged by the server. */
  void lastIsCertain() {
    steps.getLast().certain = true;
  }

  /** All changes of an open file were acknowledged, but those that an error was reported for. */
  void areCertain(int by) {
    steps.stream().filter(step -> step.by == by && !step.doubtful).forEach(s -> s.certain = true);
  }

  /** All changes were acknowledged. */
  void allAreCertain() {
    steps.forEach(step -> step.certain = true);
  }

  /** An error was reported to an open file: nobody will ever know of its changes. */
  void areDoubtful(int by) {
    steps.stream().filter(step -> step.by == by && !step.certain).forEach(s -> s.doubtful = true);
  }

  /** All sizes that it may have. */
  Set<Integer> sizes() {
    Set<Integer> sizes = new HashSet<>(Set.of(base.length));
    for (Step step : steps) {
      Set<Integer> next = step.certain ? new HashSet<>() : new HashSet<>(sizes);
      for (int size : sizes) {
        switch (step.change) {
          case Write write ->
              write.starts.forEach(start -> next.add(Math.max(size, start + write.bytes.limit())));
          case Resize resize -> next.add(resize.size);
        }
      }
      sizes = next;
    }
    return sizes;
  }

  /** What cannot be right about this content; empty if all of it can. */
  String faultOf(byte[] observed) {
    if (!sizes().contains(observed.length)) {
      return "is %d bytes long and can only be %s".formatted(observed.length, sizes());
    }
    return faultOf(observed, 0, false);
  }

  /**
   * The same of a part of it.
   *
   * @param asked how much of it was asked for
   * @param latest whether the last change must be visible
   */
  String faultOfPart(byte[] observed, int from, int asked, boolean latest) {
    boolean ends =
        sizes().stream().anyMatch(size -> observed.length == Math.clamp(size - from, 0, asked));
    return ends
        ? faultOf(observed, from, latest)
        : "ends after %d bytes at %d, and the file can only be %s long"
            .formatted(observed.length, from, sizes());
  }

  private String faultOf(byte[] observed, int from, boolean latest) {
    for (int i = 0; i < observed.length; i++) {
      if (!isPossible(observed[i], from + i, latest)) {
        return "has %d at %d, which cannot be there".formatted(observed[i], from + i);
      }
    }
    return "";
  }

  private boolean isPossible(byte seen, int at, boolean latest) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step.change.mayLeave(at, seen)) {
        return true;
      }
      if ((step.certain || latest) && step.change.covers(at)) {
        return false;
      }
    }
    return seen == (at < base.length ? base[at] : 0);
  }

  /** It is this, and nothing is on its way any more. */
  void settle(byte[] observed) {
    base = observed;
    steps.clear();
  }
}
