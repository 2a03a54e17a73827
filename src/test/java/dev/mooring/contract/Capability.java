package dev.mooring.contract;

/** What a subject of the contract may lack; the suite then asserts how it refuses. */
enum Capability {
  /** stat(2) counts hard links; lacking: 1 for whatever has a name. */
  LINK_COUNT,
  /** link(2); lacking: EOPNOTSUPP, and nothing has changed. */
  HARD_LINKS,
  /** Two names of one file show one inode number; lacking: each its own. */
  LINK_IDENTITY,
  /** RENAME_EXCHANGE; lacking: EINVAL, and nothing has changed. */
  EXCHANGE,
  /** RENAME_NOREPLACE onto a free name; lacking: EINVAL, and nothing has changed. */
  NO_REPLACE,
  /** Times of a symbolic link itself; lacking: EOPNOTSUPP, the target untouched. */
  LINK_ATTRIBUTES,
  /** FIFOs; lacking: EPERM. */
  SPECIAL_FILES,
  /** Names that are not UTF-8; lacking: EILSEQ. */
  BYTE_NAMES,
  /** Times before 1970 and after 2106; lacking: the nearest that can be kept. */
  ALL_TIMES,
  /** A time of change of its own; lacking: that of modification. */
  CHANGE_TIME,
  /** An open finds the old file or the new while one replaces the other; else ENOENT or ESTALE. */
  OPEN_DURING_REPLACE
}
