package dev.mooring.programs;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.kernel.KernelFuseBinding;

class KernelProgramsIT extends Programs {

  @Override
  FuseBinding binding(Pace pace) {
    return new KernelFuseBinding(pace);
  }
}
