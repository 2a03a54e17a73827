package dev.mooring.contract;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.EntrySink;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads an open directory as the kernel does: a buffer full at a time, going on from the last
 * cookie, with and without whole entries by turns.
 */
final class Listing implements EntrySink {
  private static final int ROOM = 7;

  private final FileSystem fileSystem;
  private final Directory directory;
  private final List<String> names = new ArrayList<>();
  private final List<Entry.Present> given = new ArrayList<>();
  private long cookie;

  Listing(FileSystem fileSystem, Directory directory) {
    this.fileSystem = fileSystem;
    this.directory = directory;
  }

  /** Visits all names until there are no more, or the visitor has enough. */
  void read(Predicate<String> visit, Caller caller) throws ErrnoException {
    boolean plus = false;
    do {
      names.clear();
      plus = !plus;
      directory.read(cookie, plus, this, caller);
      given.forEach(entry -> fileSystem.forget(entry.node(), 1));
      given.clear();
    } while (!names.isEmpty() && names.stream().allMatch(visit));
  }

  @Override
  public boolean accept(
      FileName name, long inode, FileType type, long nextCookie, Entry.@Nullable Present plus) {
    if (names.size() == ROOM) {
      return false;
    }
    byte[] bytes = new byte[name.length()];
    name.bytes().get(bytes);
    names.add(new String(bytes, StandardCharsets.ISO_8859_1));
    cookie = nextCookie;
    if (plus != null) {
      given.add(plus);
    }
    return true;
  }
}
