package dev.mooring.fuse;

/** What the kernel keeps of files that were read. */
public enum PageCache {
  /** Nothing: every read asks. */
  NONE,
  /** At an open, pages of a file that has not changed. */
  CHECKED,
  /** At an open, all pages, whatever happened to the file. */
  KEPT
}
