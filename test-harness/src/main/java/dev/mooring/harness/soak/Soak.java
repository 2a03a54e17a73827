package dev.mooring.harness.soak;

import dev.mooring.harness.PrivateSshd;
import dev.mooring.harness.Relay;
import dev.mooring.harness.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The run: a mount, programs, trouble, and in the end the sum of what was seen. */
public final class Soak {
  private static final Duration ROUND_TRIP = Duration.ofMillis(4);

  private final Map<String, Integer> passes = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

  private Soak() {}

  /**
   * Runs it.
   *
   * @param arguments the launcher, the directory for the log, minutes, how many connections must be
   *     cut at least, and the seed
   */
  public static void main(String[] arguments) throws Exception {
    boolean well =
        new Soak()
            .run(
                Path.of(arguments[0]).toAbsolutePath(),
                Path.of(arguments[1]).toAbsolutePath(),
                Duration.ofMinutes(Long.parseLong(arguments[2])),
                Integer.parseInt(arguments[3]),
                Long.parseLong(arguments[4]));
    System.exit(well ? 0 : 1);
  }

  private boolean run(Path launcher, Path log, Duration time, int leastCuts, long seed)
      throws Exception {
    System.out.printf("Soaking for %d minutes with seed %d%n", time.toMinutes(), seed);
    String trouble;
    int cuts;
    try (Workspace workspace = new Workspace("soak");
        PrivateSshd sshd = new PrivateSshd(workspace.mkdir("sshd"));
        Relay relay = new Relay(sshd.port(), ROUND_TRIP)) {
      Path served = workspace.mkdir("served");
      Path mountPoint = workspace.mkdir("mount");
      Programs programs = new Programs(mountPoint, served, workspace.mkdir("local"));
      List<Work> works = programs.all(seed);
      try (Mount mount =
          new Mount(
              launcher, relay.port(), served, mountPoint, sshd, log.resolve("soak-mount.log"))) {
        long end = System.nanoTime() + time.toNanos();
        try (Trouble made = new Trouble(relay, sshd, ROUND_TRIP, seed)) {
          workUntil(end, works);
          trouble = made.toString();
          cuts = made.cuts();
        }
        mount.mustBeAlive();
      }
    }
    return report(trouble, cuts, leastCuts);
  }

  private void workUntil(long end, List<Work> works) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Work work : works) {
      threads.add(Thread.ofPlatform().name(work.name()).start(() -> repeat(work, end)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void repeat(Work work, long end) {
    passes.put(work.name(), 0);
    while (System.nanoTime() < end && errors.isEmpty()) {
      try {
        work.pass();
        passes.merge(work.name(), 1, Integer::sum);
      } catch (IOException | RuntimeException e) {
        errors.add(work.name() + ": " + e);
      }
    }
  }

  private boolean report(String trouble, int cuts, int leastCuts) {
    System.out.println(trouble);
    new TreeMap<>(passes)
        .forEach((name, count) -> System.out.printf("  %-28s %d passes%n", name, count));
    errors.forEach(error -> System.out.println("ERROR " + error));
    if (cuts < leastCuts) {
      System.out.printf("ERROR only %d connections were cut, %d are due%n", cuts, leastCuts);
    }
    boolean idle = passes.containsValue(0);
    if (idle) {
      System.out.println("ERROR a program did not get through once");
    }
    boolean well = errors.isEmpty() && cuts >= leastCuts && !idle;
    System.out.println(well ? "No error was seen and no byte was wrong." : "Soak failed.");
    return well;
  }
}
