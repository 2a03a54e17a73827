package dev.mooring.fs.remote;

import dev.mooring.fs.Pace;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many files and directories all mounts of a process know at a time. Each takes 1.3 KB of heap,
 * and the kernel holds on to what it has seen for as long as the machine has memory: a walk over a
 * million files would fill the heap.
 *
 * <p>Beyond the bound, mounts forget what nobody uses, and the largest asks its kernel to let go of
 * what it has known for longest. Beyond a quarter more nothing new is looked up. Thread-safe.
 */
public final class NodeBudget {
  /** How many a process knows before it begins to forget. */
  public static final int MOST = 80_000;

  /** How many new ones there are between two rounds of forgetting. */
  private static final int BETWEEN = 256;

  /** Of how many the kernel is asked to let go in a round. */
  private static final int AT_ONCE = 2 * BETWEEN;

  /** What one mount does for the others. */
  interface Member {
    /** How many it knows. */
    int nodes();

    /** Forgets all but a few of those that nobody uses. */
    void forgetIdle();

    /** Asks the kernel to let go of so many. */
    void askKernel(int nodes);
  }

  private final int most;
  private final AtomicInteger nodes = new AtomicInteger();
  private final AtomicInteger sinceLastRound = new AtomicInteger();
  private final AtomicBoolean forgetting = new AtomicBoolean();
  private final List<Member> members = new CopyOnWriteArrayList<>();

  /** Of so many before forgetting begins. */
  public NodeBudget(int most) {
    this.most = most;
  }

  void join(Member member) {
    members.add(member);
  }

  void leave(Member member) {
    members.remove(member);
  }

  void added() {
    nodes.incrementAndGet();
    sinceLastRound.incrementAndGet();
  }

  void removed(int count) {
    nodes.addAndGet(-count);
  }

  /** Whether there are more than there should be. */
  boolean isTight() {
    return nodes.get() > most;
  }

  /** Whether there must not be any more. */
  boolean isFull() {
    return nodes.get() > most + most / 4;
  }

  /** Begins a round of forgetting if it is due. Never waits. */
  void relieve(Pace pace) {
    if (isTight()
        && (isFull() || sinceLastRound.get() >= BETWEEN)
        && forgetting.compareAndSet(false, true)) {
      sinceLastRound.set(0);
      pace.execute(this::round);
    }
  }

  /** Has all mounts forget what nobody uses, as far as that is needed; true if that was enough. */
  boolean makesRoom() {
    for (Member member : members) {
      if (isFull()) {
        member.forgetIdle();
      }
    }
    return !isFull();
  }

  private void round() {
    try {
      for (Member member : members) {
        if (isTight()) {
          member.forgetIdle();
        }
      }
      if (isTight()) {
        members.stream()
            .max(Comparator.comparingInt(Member::nodes))
            .ifPresent(largest -> largest.askKernel(AT_ONCE));
      }
    } finally {
      forgetting.set(false);
    }
  }
}
