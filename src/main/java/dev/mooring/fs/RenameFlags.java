package dev.mooring.fs;

/**
 * What renameat2(2) is to do when the new name exists. RENAME_WHITEOUT is EINVAL in the bindings.
 */
public enum RenameFlags {
  /** rename(2): replace it atomically. */
  REPLACE,
  /** RENAME_NOREPLACE: fail with EEXIST. */
  NO_REPLACE,
  /** RENAME_EXCHANGE: swap the two. */
  EXCHANGE
}
