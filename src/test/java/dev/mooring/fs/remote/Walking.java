package dev.mooring.fs.remote;

import java.util.List;

/** Walks over trees as find(1) and grep(1) make them. */
final class Walking {
  private Walking() {}

  /** Lists everything below a directory; answers how many entries there are. */
  static int find(LocalKernel kernel, String top) throws Exception {
    kernel.stat(top.isEmpty() ? "/" : top);
    List<String> names = kernel.list(top.isEmpty() ? "/" : top);
    int found = names.size();
    for (String name : names) {
      if (name.endsWith("/")) {
        found += find(kernel, top + "/" + name.substring(0, name.length() - 1));
      }
    }
    return found;
  }

  /** Reads every file below a directory; answers how many there are. */
  static int grep(LocalKernel kernel, String top) throws Exception {
    kernel.stat(top.isEmpty() ? "/" : top);
    int read = 0;
    for (String name : kernel.list(top.isEmpty() ? "/" : top)) {
      String path = top + "/" + name;
      if (name.endsWith("/")) {
        read += grep(kernel, path.substring(0, path.length() - 1));
      } else {
        if (!kernel.cat(path).startsWith("content")) {
          throw new AssertionError(path + " reads as something else");
        }
        read++;
      }
    }
    return read;
  }
}
