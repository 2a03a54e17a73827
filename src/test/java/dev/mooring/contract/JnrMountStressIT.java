package dev.mooring.contract;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;

class JnrMountStressIT extends MountStress {

  @Override
  FuseBinding binding(Pace pace) {
    return new JnrFuseBinding(pace);
  }
}
