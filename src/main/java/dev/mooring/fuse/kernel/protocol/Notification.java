package dev.mooring.fuse.kernel.protocol;

import dev.mooring.fs.FileName;

/** What the kernel is told without having asked. */
public sealed interface Notification {
  /** {@code FUSE_NOTIFY_INVAL_INODE}. */
  int INVAL_INODE = 2;

  /** {@code FUSE_NOTIFY_INVAL_ENTRY}. */
  int INVAL_ENTRY = 3;

  /** Forget the attributes and all pages of a node. */
  record ContentChanged(long nodeId) implements Notification {}

  /** Forget what a directory has under a name. */
  record EntryChanged(long dirId, FileName name) implements Notification {}
}
