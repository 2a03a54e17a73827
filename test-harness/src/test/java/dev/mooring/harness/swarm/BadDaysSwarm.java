package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Command;
import dev.mooring.harness.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What happens to a cluster, and what containers see of it. One stack of probes goes through all of
 * it: a task on each node and two that roam over n2 and n3.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadDaysSwarm {
  private static final int PROBES = 5;

  private final Site site = Site.get();
  private final Cluster cluster = site.cluster();
  private final ProbeStack probes = new ProbeStack(site);

  @AfterAll
  void nothingIsLeft() {
    probes.close();
    probes.assertNothingWrong();
  }

  @Test
  void nobodyNoticesThatSessionsAreKilled() {
    probes.begin();
    site.server().killSessions();
    probes.awaitFine(PROBES);
    site.server().stop();
    site.server().killSessions();
    pass(Duration.ofSeconds(3));
    site.server().start();
    probes.recovered(BadDay.SESSIONS_KILLED, PROBES);

    assertThat(probes.steps()).allMatch(Probes.Step::ok);
    probes.assertNothingWrong();
  }

  @Test
  void aWorkerThatLosesPowerComesBack() {
    probes.begin();
    powerLoss(2, () -> cluster.powerOff(2));
    probes.recovered(BadDay.WORKER_GONE, PROBES);

    assertThat(probes.steps())
        .filteredOn(step -> !step.node().equals("n2"))
        .allMatch(Probes.Step::ok);
    probes.assertNothingWrong();
  }

  @Test
  void theFileServersNodeLosesPowerAndItsConnectionsAreClosed() {
    probes.begin();
    powerLoss(3, () -> cluster.powerOffWithGoodbye(3));
    probes.recovered(BadDay.SERVER_OFF, PROBES);
    probes.assertNothingWrong();
  }

  @Test
  void theFileServersNodeLosesPowerWithoutAWord() {
    probes.begin();
    powerLoss(3, () -> cluster.powerOff(3));
    probes.recovered(BadDay.SERVER_GONE, PROBES);
    probes.assertNothingWrong();
  }

  /** A node is off for 15 seconds. */
  private void powerLoss(int number, Runnable off) {
    long start = System.nanoTime();
    off.run();
    Patience.until(
        "n" + number + " is seen to be down",
        Duration.ofSeconds(30),
        () -> cluster.status(number).equals("down"));
    Duration noticed = Duration.ofNanos(System.nanoTime() - start);
    Site.figure("until Swarm notices that n" + number + " is off", noticed);
    pass(Duration.ofSeconds(15).minus(noticed));
    cluster.powerOn(number);
  }

  @Test
  void aDockerdThatIsKilledComesBack() {
    probes.begin();
    cluster.node(2).dockerd().crash();
    pass(Duration.ofSeconds(5));
    cluster.node(2).dockerd().start();
    probes.recovered(BadDay.DOCKERD_KILLED, PROBES);

    assertThat(probes.steps())
        .filteredOn(step -> !step.node().equals("n2"))
        .allMatch(Probes.Step::ok);
    probes.assertNothingWrong();
  }

  @Test
  void theServersLinkIsDown() {
    probes.begin();
    cluster.network().connected(cluster.node(3), false);
    CompletableFuture<Command.Outcome> meanwhile =
        CompletableFuture.supplyAsync(() -> list(cluster.node(1)));
    pass(Duration.ofSeconds(20));
    cluster.network().connected(cluster.node(3), true);
    probes.recovered(BadDay.LINK_DOWN, PROBES);

    Command.Outcome listing = meanwhile.join();
    assertThat(listing.exit() != 0 || listing.output().contains("hello"))
        .as(listing.output())
        .isTrue();
    probes.assertNothingWrong();
  }

  /** Lists the volume in a new container. */
  private Command.Outcome list(Node node) {
    return node.docker()
        .run(
            "run",
            "--rm",
            "--network=none",
            "-v",
            probes.stack().volume() + ":/shared",
            Cluster.IMAGE,
            "ls",
            "/shared");
  }

  @Test
  void aSilentServerHoldsUpNobodyElse() {
    ProbeStack removed = new ProbeStack(site, 2, "");
    probes.begin();
    long start = System.nanoTime();
    site.server().silence();
    pass(Duration.ofSeconds(2));
    removed.close();
    Site.figure("stack rm while the server is silent", Duration.ofNanos(System.nanoTime() - start));
    for (Node node : site.nodes()) {
      Command volumes = node.docker().command("volume", "ls", "-q").within(Duration.ofSeconds(2));
      assertThat(volumes.run().exit()).isZero();
    }
    pass(Duration.ofSeconds(60).minusNanos(System.nanoTime() - start));
    site.server().answer();
    probes.recovered(BadDay.SILENT, PROBES);
    probes.assertNothingWrong();
  }

  /** Lets time pass: what happens lasts for a while. */
  private static void pass(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
