package dev.mooring.simulation;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The remote file system does what the model does, whatever a seed thinks up. */
class ModelSimulationTest {

  @Test
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void everySeedIsAsTheModel() throws Exception {
    Seeds.run("model", 200, ModelSimulation::ofSeed);
  }
}
