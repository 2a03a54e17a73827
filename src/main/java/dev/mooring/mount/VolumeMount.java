package dev.mooring.mount;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import dev.mooring.mount.MountState.Failed;
import dev.mooring.mount.MountState.Mounted;
import dev.mooring.mount.MountState.Mounting;
import dev.mooring.mount.MountState.Unmounted;
import dev.mooring.mount.MountState.Unmounting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one volume's mount: made for the first caller, shared by all, and taken down some
 * time after the last one went.
 *
 * <p>Thread-safe. {@link #state} and {@link #callers} answer from memory whatever else goes on; the
 * lock guards their changes and is never held while anything is waited for.
 */
public final class VolumeMount {
  private static final Logger log = LoggerFactory.getLogger(VolumeMount.class);

  /**
   * How long things may take.
   *
   * @param mount for one caller to be answered; dockerd gives up after 30 s
   * @param linger how long a mount outlives its last caller
   * @param unmount how long the next state waits for somebody who still uses the old mount
   */
  public record Times(Duration mount, Duration linger, Duration unmount) {
    /** 25 s, 10 s and 10 s. */
    public static final Times DEFAULT =
        new Times(Duration.ofSeconds(25), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /** Makes the mount itself at an empty directory. May wait. */
  @FunctionalInterface
  public interface Opening {
    /** Mounts, or fails and leaves nothing behind. */
    LiveMount open(Path directory) throws MountFailure;
  }

  /** How long a dead mount stays uncovered before the next attempt; doubled each time. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String name;
  private final MountWork work;
  private final Times times;
  private final Pace pace;

  private final ReentrantLock changing = new ReentrantLock();
  private volatile MountState state = new Unmounted();
  private volatile CallerIds callers = CallerIds.NONE;

  /** How often somebody came; tells a linger that it has been overtaken. */
  private long arrivals;

  /** Before the next attempt to cover a dead mount; belongs to whoever has just failed. */
  private volatile Duration pause = FIRST_PAUSE;

  /**
   * Of a volume that is not mounted.
   *
   * @param name of the volume, for messages
   */
  public VolumeMount(String name, MountPlace place, Opening opening, Times times, Pace pace) {
    this.name = name;
    this.work = new MountWork(name, place, opening, pace);
    this.times = times;
    this.pace = pace;
  }

  /** Where it is in its life. */
  public MountState state() {
    return state;
  }

  /** Who uses it. */
  public CallerIds callers() {
    return callers;
  }

  /** Where it is shown while it is mounted. */
  public Path path() {
    return work.path();
  }

  /**
   * Counts the caller and answers a path that shows the live mount, making it if need be. Waits at
   * most {@link Times#mount}; a mount that is then still being made goes on without this caller.
   *
   * @throws MountFailure in which case the caller is not counted
   */
  public Path mount(String id) throws MountFailure {
    arrive(id);
    Caller patience = Waiting.within(times.mount(), pace);
    try {
      while (true) {
        switch (settledOrBegun()) {
          case Mounted mounted when work.isShown(mounted) -> {
            return work.path();
          }
          case Mounted mounted -> lost(mounted);
          case Mounting(var outcome) -> await(outcome, patience);
          case Unmounting(var done) -> await(done, patience);
          case Unmounted _, Failed _ -> throw new AssertionError("settledOrBegun began none");
        }
      }
    } catch (MountFailure e) {
      unmount(id);
      throw e;
    }
  }

  /**
   * Takes over from a process that died and had this volume mounted for these callers. Where its
   * dead mount is still there, a new one is made on top of it, in the background and until it
   * works: running containers then see that one. Where it is gone nothing reaches them any more,
   * and the callers are forgotten.
   *
   * @return whether a dead mount is there and must stay
   */
  public boolean takeOver(CallerIds before) {
    if (before.isEmpty()) {
      return false;
    }
    if (!work.isCovered()) {
      state = failed(new MountFailure.Mounting(MountTrouble.UNMOUNTED, name, null));
      return false;
    }
    log.info("{} is mounted anew for {} callers", name, before.counts().size());
    changing.lock();
    try {
      callers = before;
      begin();
    } finally {
      changing.unlock();
    }
    return true;
  }

  private void arrive(String id) {
    changing.lock();
    try {
      callers = callers.plus(id);
      arrivals++;
    } finally {
      changing.unlock();
    }
  }

  /** The present state, or a mount just begun. */
  private MountState settledOrBegun() {
    changing.lock();
    try {
      // Read once: what is being mounted ends without the lock.
      MountState now = state;
      if (!(now instanceof Unmounted || now instanceof Failed)) {
        return now;
      }
      return begin();
    } finally {
      changing.unlock();
    }
  }

  /** With the lock. */
  private Mounting begin() {
    Mounting begun = new Mounting(new CompletableFuture<>());
    state = begun;
    pace.execute(() -> open(begun));
    return begun;
  }

  private void open(Mounting begun) {
    try {
      Mounted mounted = work.mount();
      pause = FIRST_PAUSE;
      state = mounted;
      begun.outcome().complete(null);
      mounted.live().ended().thenRun(() -> pace.execute(() -> lost(mounted)));
      lingerIfUnused();
    } catch (MountFailure failure) {
      log.warn("mounting {}: {}", name, failure.getMessage());
      Failed failed = failed(failure);
      state = failed;
      begun.outcome().completeExceptionally(failure);
      coverLater(failed);
    }
  }

  /** As long as containers look at a dead mount, there is another attempt to cover it. */
  private void coverLater(Failed failed) {
    if (!work.isCovered()) {
      return;
    }
    Duration now = pause;
    Duration twice = now.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    pace.schedule(now, () -> coverOrUncover(failed));
  }

  private void coverOrUncover(Failed failed) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    changing.lock();
    try {
      if (state != failed) {
        return;
      }
      if (!callers.isEmpty()) {
        begin();
        return;
      }
      state = new Unmounting(done);
    } finally {
      changing.unlock();
    }
    work.hide();
    state = new Unmounted();
    done.complete(null);
  }

  /** A mount is gone without our doing: nothing of it may be handed out any more. */
  private void lost(Mounted mounted) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!replace(mounted, new Unmounting(done))) {
      return;
    }
    MountFailure failure = new MountFailure.Mounting(MountTrouble.ENDED, name, null);
    log.error("{}", failure.getMessage());
    work.abort(mounted);
    state = failed(failure);
    done.complete(null);
  }

  /** Counts one mount of the caller less; the last one's going starts the linger. Never waits. */
  public void unmount(String id) {
    changing.lock();
    try {
      callers = callers.minus(id);
    } finally {
      changing.unlock();
    }
    lingerIfUnused();
  }

  private void lingerIfUnused() {
    changing.lock();
    try {
      if (callers.isEmpty() && state instanceof Mounted mounted) {
        long last = arrivals;
        pace.schedule(times.linger(), () -> endLinger(mounted, last));
      }
    } finally {
      changing.unlock();
    }
  }

  private void endLinger(Mounted mounted, long last) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    changing.lock();
    try {
      if (state != mounted || arrivals != last) {
        return;
      }
      state = new Unmounting(done);
    } finally {
      changing.unlock();
    }
    takeDown(mounted, done);
  }

  /**
   * Takes the mount down whoever uses it, after what is being done to it now; waits for all that.
   * Nothing is deleted anywhere but the empty mount point.
   *
   * @throws MountFailure when it is still being mounted after {@link Times#mount}
   */
  public void end() throws MountFailure {
    Caller patience = Waiting.within(times.mount(), pace);
    while (true) {
      switch (state) {
        case Unmounted _, Failed _ -> {
          work.hide();
          return;
        }
        case Mounted mounted -> {
          CompletableFuture<Void> done = new CompletableFuture<>();
          if (replace(mounted, new Unmounting(done))) {
            takeDown(mounted, done);
          }
        }
        case Mounting(var outcome) -> awaitEnd(outcome, patience);
        case Unmounting(var done) -> awaitEnd(done, patience);
      }
    }
  }

  /** Waits for another state, whichever it is. */
  private void awaitEnd(CompletableFuture<Void> change, Caller patience) throws MountFailure {
    await(change.exceptionally(_ -> null), patience);
  }

  /**
   * Out of Docker's sight first; what somebody still has open goes on until they let go, and only
   * then is it closed.
   */
  private void takeDown(Mounted mounted, CompletableFuture<Void> done) {
    CompletableFuture<Void> closed = work.unmount(mounted);
    try {
      pace.await(closed, Waiting.within(times.unmount(), pace));
    } catch (ErrnoException e) {
      log.warn("{} is unmounted, but something outside Docker still uses it", name);
    }
    state = new Unmounted();
    done.complete(null);
  }

  /**
   * Takes the mount down at once because the process ends: writes what is dirty, and whoever still
   * uses it loses it; so do those who still use what was taken down before. A mount that is being
   * made is left to end with the process.
   *
   * @return done when that is over
   */
  public CompletableFuture<Void> stop() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (state instanceof Mounted mounted && replace(mounted, new Unmounting(done))) {
      pace.execute(() -> {
        work.abort(mounted);
        state = new Unmounted();
        done.complete(null);
      });
    } else {
      done.complete(null);
    }
    return CompletableFuture.allOf(done, work.closeAll());
  }

  /** Whether nothing is left to {@link #stop}, not even what was taken down before. */
  public boolean isAtRest() {
    return work.isAllClosed();
  }

  private boolean replace(MountState expected, MountState next) {
    changing.lock();
    try {
      boolean same = state == expected;
      if (same) {
        state = next;
      }
      return same;
    } finally {
      changing.unlock();
    }
  }

  private void await(CompletableFuture<Void> change, Caller patience) throws MountFailure {
    try {
      pace.await(change, patience);
    } catch (ErrnoException e) {
      throw new MountFailure.Mounting(
          MountTrouble.OVERDUE, name, e, state.word(), times.mount().toSeconds());
    }
    if (change.isCompletedExceptionally()) {
      throw work.asFailure(change.exceptionNow());
    }
  }

  private Failed failed(MountFailure failure) {
    return new Failed(failure, Instant.ofEpochSecond(pace.epochSeconds()));
  }
}
