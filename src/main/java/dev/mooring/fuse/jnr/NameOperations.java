package dev.mooring.fuse.jnr;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.RenameFlags;
import dev.mooring.fs.TargetBytes;
import dev.mooring.fuse.jnr.Paths.Found;
import dev.mooring.fuse.jnr.Paths.Place;

/** The operations on paths: each resolves, calls the waist, and forgets what it resolved. */
final class NameOperations {
  private final FileSystem fileSystem;
  private final Paths paths;
  private final HiddenFiles hidden;

  NameOperations(FileSystem fileSystem, Paths paths, HiddenFiles hidden) {
    this.fileSystem = fileSystem;
    this.paths = paths;
    this.hidden = hidden;
  }

  Attributes getattr(String path, Request request, Caller caller) throws ErrnoException {
    String name = Paths.lastName(path);
    if (HiddenFiles.isHiddenName(name)) {
      request.probe(name);
    }
    try (Found found = paths.find(path, caller)) {
      Fresh<Attributes> known = found.attributes();
      return known != null && known.remainingNanos(System.nanoTime()) > 0
          ? known.value()
          : fileSystem.getattr(found.node(), null, caller).value();
    }
  }

  void setattr(String path, AttributeChange change, Caller caller) throws ErrnoException {
    try (Found found = paths.find(path, caller)) {
      fileSystem.setattr(found.node(), null, change, caller);
    }
  }

  TargetBytes readlink(String path, Caller caller) throws ErrnoException {
    try (Found found = paths.find(path, caller)) {
      return fileSystem.readlink(found.node(), caller);
    }
  }

  void mkdir(String path, int permissions, Caller caller) throws ErrnoException {
    try (Place place = paths.place(path, caller)) {
      forget(fileSystem.mkdir(place.node(), place.name(), permissions, caller));
    }
  }

  void mknod(String path, int mode, Caller caller) throws ErrnoException {
    int permissions = mode & Attributes.PERMISSION_BITS;
    try (Place place = paths.place(path, caller)) {
      forget(
          fileSystem.mknod(place.node(), place.name(), FileType.ofMode(mode), permissions, caller));
    }
  }

  void symlink(String target, String path, Caller caller) throws ErrnoException {
    Paths.refuseWhatIsNotUtf8(target);
    try (Place place = paths.place(path, caller)) {
      forget(fileSystem.symlink(place.node(), place.name(), TargetBytes.of(target), caller));
    }
  }

  void link(String path, String newPath, Caller caller) throws ErrnoException {
    try (Found found = paths.find(path, caller);
        Place place = paths.place(newPath, caller)) {
      forget(fileSystem.link(found.node(), place.node(), place.name(), caller));
    }
  }

  private void forget(Entry.Present made) {
    fileSystem.forget(made.node(), 1);
  }

  void unlink(String path, Caller caller) throws ErrnoException {
    if (hidden.drop(Paths.lastName(path))) {
      return;
    }
    try (Place place = paths.place(path, caller)) {
      fileSystem.unlink(place.node(), place.name(), caller);
    }
  }

  void rmdir(String path, Caller caller) throws ErrnoException {
    try (Place place = paths.place(path, caller)) {
      fileSystem.rmdir(place.node(), place.name(), caller);
    }
  }

  void rename(String path, String newPath, Request request, Caller caller) throws ErrnoException {
    String newName = Paths.lastName(newPath);
    if (request.hasProbed(newName)) {
      hide(path, newName, request, caller);
      return;
    }
    try (Place from = paths.place(path, caller);
        Place to = paths.place(newPath, caller)) {
      fileSystem.rename(
          from.node(), from.name(), to.node(), to.name(), RenameFlags.REPLACE, caller);
    }
  }

  /**
   * libfuse wants an open file out of the way, having asked just before whether the name that it
   * made up is free. For an unlink, it is unlinked. For a rename onto it nothing happens yet: the
   * rename that follows replaces it atomically, and if that fails, the file has lost nothing.
   */
  private void hide(String path, String hiddenName, Request request, Caller caller)
      throws ErrnoException {
    Found found = paths.find(path, caller);
    boolean kept = false;
    try {
      if (request.opcode() == Request.UNLINK) {
        unlink(path, caller);
      }
      hidden.keep(hiddenName, found.node());
      kept = true;
    } finally {
      if (!kept) {
        found.close();
      }
    }
  }
}
