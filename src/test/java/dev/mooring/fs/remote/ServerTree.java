package dev.mooring.fs.remote;

import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFlags;
import dev.mooring.testing.Bytes;
import java.nio.charset.StandardCharsets;

/** Puts files on the server by path, behind the back of the file system under test. */
final class ServerTree {
  private final RemoteFixture on;

  ServerTree(RemoteFixture on) {
    this.on = on;
  }

  private Node directory(String path) throws Exception {
    Node at = on.server.root();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        at = below(at, name);
      }
    }
    return at;
  }

  private Node below(Node dir, String name) throws Exception {
    FileName fileName = FileName.of(name);
    return on.server.lookup(dir, fileName, on.caller()) instanceof Entry.Present there
        ? there.node()
        : on.server.mkdir(dir, fileName, 0755, on.caller()).node();
  }

  /** A file and the directories that lead to it. */
  void has(String path, byte[] content) throws Exception {
    int slash = path.lastIndexOf('/');
    FileName name = FileName.of(path.substring(slash + 1));
    Created made =
        on.server.create(
            directory(path.substring(0, slash)),
            name,
            OpenFlags.WRITE.truncating(),
            0644,
            on.caller());
    made.file().write(0, Bytes.payload(content), on.caller());
    made.file().release();
  }

  void has(String path, String content) throws Exception {
    has(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty directory and those that lead to it. */
  void hasDirectory(String path) throws Exception {
    directory(path);
  }

  /**
   * 1000 files in 50 directories below a path, in two levels: 5 and 9 below each. They are not
   * listed in the order of their names.
   */
  void hasThousandFiles(String path) throws Exception {
    for (int top = 0; top < 5; top++) {
      for (int sub = 0; sub < 10; sub++) {
        String dir = path + "/top" + top + (sub == 0 ? "" : "/sub" + sub);
        for (int i = 0; i < 20; i++) {
          int file = 10 + 7 * i % 20;
          has(dir + "/file" + file, "content of " + file);
        }
      }
    }
  }
}
