package dev.mooring.harness.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mooring.harness.Patience;
import java.time.Duration;
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
  void aWorkerThatLosesPowerComesBack() {
    probes.begin();
    powerLoss(2, () -> cluster.powerOff(2));
    probes.recovered(BadDay.WORKER_GONE, PROBES);

    assertThat(probes.steps())
        .filteredOn(step -> !step.node().equals("n2"))
        .allMatch(Probes.Step::ok);
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

  /** Lets time pass: what happens lasts for a while. */
  private static void pass(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
