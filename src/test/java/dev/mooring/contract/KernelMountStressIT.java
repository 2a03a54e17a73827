package dev.mooring.contract;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;

class KernelMountStressIT extends MountStress {

  @Override
  FuseBinding binding(Pace pace) {
    return new KernelFuseBinding(pace);
  }
}
