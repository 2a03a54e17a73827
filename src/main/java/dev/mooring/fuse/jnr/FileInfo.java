package dev.mooring.fuse.jnr;

import jnr.ffi.Pointer;

/**
 * {@code struct fuse_file_info} of libfuse 2.9, by offset: jnr-fuse declares its bit fields as
 * bytes in the wrong place. The same on all 64-bit architectures.
 */
record FileInfo(Pointer memory) {
  private static final int FLAGS_AT = 0;
  private static final int BITS_AT = 20;
  private static final int HANDLE_AT = 24;
  private static final int DIRECT_IO = 1;
  private static final int KEEP_CACHE = 2;

  /** The O_ bits of the open. */
  int flags() {
    return memory.getInt(FLAGS_AT);
  }

  /** The number that this side gave at the open. */
  long handle() {
    return memory.getLong(HANDLE_AT);
  }

  void setHandle(long handle) {
    memory.putLong(HANDLE_AT, handle);
  }

  /** The kernel is to keep no pages of this file. */
  void setDirectIo() {
    setBit(DIRECT_IO);
  }

  /** The kernel may go on using the pages that it has. */
  void setKeepCache() {
    setBit(KEEP_CACHE);
  }

  private void setBit(int bit) {
    memory.putInt(BITS_AT, memory.getInt(BITS_AT) | bit);
  }
}
