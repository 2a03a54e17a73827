package dev.mooring.mount;

/** Which FUSE binding serves a mount. */
public enum BindingChoice {
  /** libfuse 2 through jnr-fuse. */
  JNR,
  /** {@code /dev/fuse} spoken by ourselves; needs no library. */
  KERNEL;

  /** Serves where nobody chooses. */
  public static final BindingChoice DEFAULT = KERNEL;
}
