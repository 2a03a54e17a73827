package dev.mooring.contract;

import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;

class JnrMountStressIT extends MountStress {

  @Override
  FuseBinding binding() {
    return new JnrFuseBinding();
  }
}
