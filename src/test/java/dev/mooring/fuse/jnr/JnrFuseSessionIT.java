package dev.mooring.fuse.jnr;

import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseSessionContract;

class JnrFuseSessionIT extends FuseSessionContract {
  private static final FuseBinding BINDING = new JnrFuseBinding();

  @Override
  protected FuseBinding binding() {
    return BINDING;
  }
}
