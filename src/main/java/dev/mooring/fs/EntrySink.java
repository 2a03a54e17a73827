package dev.mooring.fs;

import org.jspecify.annotations.Nullable;

/** Takes the entries of a directory, one after the other, while there is room. */
@FunctionalInterface
public interface EntrySink {
  /**
   * Offers one entry.
   *
   * @param nextCookie where {@link Directory#read} goes on after this entry
   * @param plus the whole entry where {@code plus} was asked for and it is known; accepting it
   *     counts one reference
   * @return false when there is no room: the entry is not taken and counts nothing
   */
  boolean accept(
      FileName name, long inode, FileType type, long nextCookie, Entry.@Nullable Present plus);
}
