package dev.mooring.simulation;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a seed does to network and server, nothing is lost and nothing hangs. */
class OutageSimulationTest {

  @Test
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void everySeedIsSurvived() throws Exception {
    Seeds.run("outage", 300, OutageSimulation::ofSeed);
  }
}
