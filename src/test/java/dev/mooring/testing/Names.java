package dev.mooring.testing;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import java.util.ArrayList;
import java.util.List;

/** What a directory has, read to its end through waist A. */
public final class Names {
  private Names() {}

  /** The names in a directory, in the order in which they come. */
  public static List<String> of(FileSystem fileSystem, Node dir, Caller caller)
      throws ErrnoException {
    List<String> names = new ArrayList<>();
    Directory open = fileSystem.opendir(dir, caller);
    long[] cookie = {0};
    int before;
    do {
      before = names.size();
      open.read(
          cookie[0],
          false,
          (name, _, _, next, _) -> {
            cookie[0] = next;
            return names.add(name.toString());
          },
          caller);
    } while (names.size() > before);
    open.release();
    return names;
  }
}
