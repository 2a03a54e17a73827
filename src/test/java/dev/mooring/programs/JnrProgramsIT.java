package dev.mooring.programs;

import dev.mooring.fs.Pace;
import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.jnr.JnrFuseBinding;

class JnrProgramsIT extends Programs {

  @Override
  FuseBinding binding(Pace pace) {
    return new JnrFuseBinding(pace);
  }
}
