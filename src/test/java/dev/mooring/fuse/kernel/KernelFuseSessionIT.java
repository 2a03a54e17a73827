package dev.mooring.fuse.kernel;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseSessionContract;
import org.junit.jupiter.api.AfterEach;

class KernelFuseSessionIT extends FuseSessionContract {
  private final SystemPace pace = new SystemPace();

  @Override
  protected FuseBinding binding() {
    return new KernelFuseBinding(pace);
  }

  @AfterEach
  void stop() {
    pace.close();
  }
}
