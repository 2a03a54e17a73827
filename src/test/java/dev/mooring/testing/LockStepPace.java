package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Cancellation;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.Pace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still while anything works, so that round trips can be counted.
 *
 * <p>The test's thread enters with {@link #run}; background tasks have threads of their own. Of all
 * these only one works at a time: it keeps the turn until it waits in {@link #await} or ends, and
 * then hands it to the one that became ready first. So a run is the same every time.
 *
 * <p>When nobody is ready, the world moves one step:
 *
 * <ol>
 *   <li>if something is on the {@link #network}, time advances one round trip, all of it arrives
 *       and is answered, and {@link #bursts} goes up by one; what is sent in the meantime travels
 *       with the next burst;
 *   <li>otherwise time advances to the next timer or deadline;
 *   <li>if there is none either, the test fails with the list of who waits for what.
 * </ol>
 *
 * The world moves only while the test is inside {@link #run}: background work that is still waiting
 * when the body ends stays where it is until the next run. Waiting by any other means than {@link
 * #await} keeps the turn and hangs the test, as it would hold up the production code's threads.
 */
public final class LockStepPace implements Pace {
  /** A deadline so far away that it never comes: with it, waiting in vain fails the test. */
  private static final long NEVER_NANOS = Long.MAX_VALUE / 2;

  private static final long EPOCH_SECONDS = 1_700_000_000;

  private final long roundTripNanos;
  private final Player test = new Player("the test");
  private final Deque<Player> ready = new ArrayDeque<>();
  private final List<Player> parked = new ArrayList<>();
  private final Alarms alarms = new Alarms();
  private List<Runnable> onTheWire = new ArrayList<>();
  private @Nullable Player playing;
  private @Nullable Throwable failure;
  private long nowNanos = 1_000_000_000_000L;
  private long started;
  private int bursts;

  /** A world where a round trip takes 20 ms. */
  public LockStepPace() {
    this(Duration.ofMillis(20));
  }

  public LockStepPace(Duration roundTrip) {
    roundTripNanos = roundTrip.toNanos();
  }

  /** What a test does inside {@link #run}. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /**
   * Runs {@code body} on this thread, in turn with the background tasks. Fails with what a
   * background task failed with, if one did.
   */
  public void run(Body body) throws Exception {
    call(() -> {
      body.run();
      return null;
    });
  }

  /** As {@link #run}, with a value. */
  public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    synchronized (this) {
      if (playing != null) {
        throw new IllegalStateException(playing.name + " is already running");
      }
      playing = test;
      test.thread = Thread.currentThread();
    }
    try {
      T result = body.call();
      throwFailure();
      return result;
    } finally {
      synchronized (this) {
        playing = null;
      }
    }
  }

  /** Runs {@code body} as {@link #run} does and counts the bursts that it took. */
  public int burstsOf(Body body) throws Exception {
    int before = bursts();
    run(body);
    return bursts() - before;
  }

  /** How many bursts have been exchanged since the beginning. */
  public synchronized int bursts() {
    return bursts;
  }

  /** Inside {@link #run}: lets {@code duration} pass, with all that happens in it. */
  public void sleep(Duration duration) throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    schedule(duration, () -> over.complete(null));
    get(over);
  }

  /** Inside {@link #run}: awaits a future; returns its value or throws what it ended with. */
  public <T extends @Nullable Object> T get(CompletableFuture<T> future) throws Exception {
    await(future, caller());
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** A caller who is root, may wait, and has no deadline. */
  public Caller caller() {
    return new Caller(0, 0, 1, 022, NEVER_NANOS, true, Cancellation.NEVER);
  }

  /** A caller who is root, may wait, and has a deadline. */
  public Caller caller(Duration deadline) {
    return new Caller(0, 0, 1, 022, nanoTime() + deadline.toNanos(), true, Cancellation.NEVER);
  }

  /** Carries what is given to it with the next burst, in order; an in-memory channel uses this. */
  public Executor network() {
    return this::transmit;
  }

  private synchronized void transmit(Runnable arrival) {
    onTheWire.add(arrival);
  }

  @Override
  public synchronized long nanoTime() {
    return nowNanos;
  }

  @Override
  public long epochSeconds() {
    return EPOCH_SECONDS + nanoTime() / 1_000_000_000;
  }

  @Override
  public synchronized void execute(Runnable task) {
    Player player = new Player("task " + ++started);
    ready.add(player);
    player.thread = Thread.ofVirtual().name(player.name).start(() -> play(player, task));
  }

  private void play(Player player, Runnable task) {
    player.turn.acquireUninterruptibly();
    try {
      task.run();
    } catch (Throwable t) {
      fail(t);
    }
    handOver();
  }

  @Override
  public synchronized Timer schedule(Duration delay, Runnable task) {
    Alarms.Alarm alarm = alarms.add(nowNanos + delay.toNanos(), task);
    return () -> takeBack(alarm);
  }

  private synchronized void takeBack(Alarms.Alarm alarm) {
    alarms.remove(alarm);
  }

  @Override
  public void await(CompletableFuture<?> future, Caller caller) throws ErrnoException {
    if (future.isDone()) {
      return;
    }
    caller.beforeWaiting();
    Player me = park(future, caller);
    handOver();
    me.turn.acquireUninterruptibly();
    if (me == test) {
      throwFailure();
    }
    if (!future.isDone()) {
      boolean cancelled = caller.cancellation().isCancelled();
      throw new ErrnoException(cancelled ? Errno.EINTR : Errno.ETIMEDOUT, "in lock-step");
    }
  }

  private synchronized Player park(CompletableFuture<?> future, Caller caller) {
    Player me = playing;
    if (me == null || me.thread != Thread.currentThread()) {
      throw new IllegalStateException("waits outside run(), or on the thread of the network");
    }
    me.awaited = future;
    me.caller = caller;
    parked.add(me);
    return me;
  }

  /** Gives the turn away, moving the world until there is somebody who can take it. */
  private void handOver() {
    Player next = nextReady();
    while (next == null) {
      step();
      next = nextReady();
    }
    next.turn.release();
  }

  private synchronized @Nullable Player nextReady() {
    for (Player player : List.copyOf(parked)) {
      if (player.mayGoOn(nowNanos) || (player == test && failure != null)) {
        parked.remove(player);
        player.awaited = null;
        ready.add(player);
      }
    }
    playing = ready.poll();
    return playing;
  }

  private void step() {
    List<Runnable> arrivals = departures();
    if (arrivals.isEmpty()) {
      passTime();
    }
    for (Runnable arrival : arrivals) {
      try {
        arrival.run();
      } catch (Throwable t) {
        fail(t);
      }
    }
  }

  private synchronized List<Runnable> departures() {
    List<Runnable> departing = onTheWire;
    if (!departing.isEmpty()) {
      onTheWire = new ArrayList<>();
      nowNanos += roundTripNanos;
      bursts++;
    }
    return departing;
  }

  private synchronized void passTime() {
    long next = alarms.nextNanos(NEVER_NANOS);
    for (Player player : parked) {
      next = player.caller == null ? next : Math.min(next, player.caller.deadlineNanos());
    }
    if (next >= NEVER_NANOS) {
      fail(new AssertionError("nothing can happen any more:\n" + String.join("\n", describe())));
      return;
    }
    nowNanos = Math.max(nowNanos, next);
    for (Runnable due = alarms.takeDue(nowNanos); due != null; due = alarms.takeDue(nowNanos)) {
      execute(due);
    }
  }

  private List<String> describe() {
    return parked.stream().map(Player::toString).toList();
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  private synchronized void throwFailure() throws AssertionError {
    if (failure != null) {
      throw new AssertionError("in lock-step: " + failure.getMessage(), failure);
    }
  }
}
