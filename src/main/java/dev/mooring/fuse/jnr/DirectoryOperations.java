package dev.mooring.fuse.jnr;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fuse.HandleTable;
import dev.mooring.fuse.jnr.Paths.Found;
import jnr.ffi.Pointer;

/**
 * The operations on open directories. libfuse's offsets are the waist's cookies, moved up by two
 * for {@code .} and {@code ..}.
 */
final class DirectoryOperations {
  private static final long AFTER_DOT = 1;
  private static final long AFTER_DOTS = 2;

  private final FileSystem fileSystem;
  private final Paths paths;
  private final HandleTable<OpenDirectory> directories = new HandleTable<>();

  private record OpenDirectory(long inode, Directory directory) {}

  DirectoryOperations(FileSystem fileSystem, Paths paths) {
    this.fileSystem = fileSystem;
    this.paths = paths;
  }

  void opendir(String path, FileInfo info, Caller caller) throws ErrnoException {
    try (Found found = paths.find(path, caller)) {
      Node node = found.node();
      Directory directory = fileSystem.opendir(node, caller);
      info.setHandle(directories.add(new OpenDirectory(node.inode(), directory)));
    }
  }

  void readdir(Pointer buffer, Pointer filler, long offset, FileInfo info, Caller caller)
      throws ErrnoException {
    OpenDirectory open = directories.get(info.handle());
    try (DirectoryPage page = new DirectoryPage(buffer, filler)) {
      if ((offset >= AFTER_DOT || page.addDot(open.inode(), AFTER_DOT))
          && (offset >= AFTER_DOTS || page.addDots(AFTER_DOTS))) {
        open.directory()
            .read(
                Math.max(0, offset - AFTER_DOTS),
                false,
                (name, inode, type, cookie, _) -> page.add(name, inode, type, cookie + AFTER_DOTS),
                caller);
      }
    }
  }

  void releasedir(FileInfo info) {
    OpenDirectory open = directories.remove(info.handle());
    if (open != null) {
      open.directory().release();
    }
  }

  /** Releases what an aborted mount had open. */
  void releaseAll() {
    directories.removeAll(open -> open.directory().release());
  }
}
