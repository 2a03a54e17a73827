package dev.mooring.fuse.jnr;

import dev.mooring.fs.SystemPace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseSessionContract;
import org.junit.jupiter.api.AfterEach;

class JnrFuseSessionIT extends FuseSessionContract {
  private final SystemPace pace = new SystemPace();
  private final FuseBinding binding = new JnrFuseBinding(pace);

  @Override
  protected FuseBinding binding() {
    return binding;
  }

  @AfterEach
  void stop() {
    pace.close();
  }
}
