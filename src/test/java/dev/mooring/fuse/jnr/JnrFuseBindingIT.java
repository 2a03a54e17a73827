package dev.mooring.fuse.jnr;

import dev.mooring.fuse.FuseBinding;
import dev.mooring.fuse.FuseBindingContract;

class JnrFuseBindingIT extends FuseBindingContract {
  private static final FuseBinding BINDING = new JnrFuseBinding();

  @Override
  protected FuseBinding binding() {
    return BINDING;
  }
}
