package dev.mooring.contract;

import dev.mooring.contract.Posix.Flag;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Created;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.OpenFlags;
import java.util.Set;
import java.util.function.Supplier;

/** One open(2), as the kernel makes it of lookups and an open or a create. */
record Opening(FileSystem fileSystem, Supplier<Caller> caller, String path, OpenFlags flags) {

  /** An open file and the walk that led to it, whose references the kernel keeps meanwhile. */
  record Opened(OpenFile file, Walk walk) {}

  static OpenFlags flags(Set<Flag> flags) {
    boolean writes = flags.contains(Flag.WRITE);
    OpenFlags.Access access =
        writes && flags.contains(Flag.READ)
            ? OpenFlags.Access.READ_WRITE
            : writes ? OpenFlags.Access.WRITE : OpenFlags.Access.READ;
    return new OpenFlags(
        access,
        flags.contains(Flag.APPEND),
        flags.contains(Flag.TRUNCATE),
        flags.contains(Flag.EXCLUSIVE),
        false,
        false);
  }

  /** Opens what is there. */
  Opened existing() throws ErrnoException {
    return again(this::existingOnce);
  }

  /** Opens with O_CREAT. */
  Opened create(int permissions) throws ErrnoException {
    return again(() -> createOnce(permissions));
  }

  private interface Attempt {
    Opened make() throws ErrnoException;
  }

  /** As the kernel: what has gone since it was looked up is looked up once more. */
  private static Opened again(Attempt attempt) throws ErrnoException {
    try {
      return attempt.make();
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ESTALE) {
        throw e;
      }
      return attempt.make();
    }
  }

  private Opened existingOnce() throws ErrnoException {
    Walk walk = Walk.to(fileSystem, path, true, caller.get());
    try {
      return new Opened(fileSystem.open(walk.node(), flags, caller.get()), walk);
    } catch (ErrnoException e) {
      walk.close();
      throw e;
    }
  }

  private Opened createOnce(int permissions) throws ErrnoException {
    Walk parent = Walk.toParent(fileSystem, path, caller.get());
    try {
      FileName name = Walk.nameIn(path);
      if (!flags.exclusive() && isSymlink(parent, name)) {
        parent.close();
        return existing();
      }
      Created created = fileSystem.create(parent.node(), name, flags, permissions, caller.get());
      parent.add(created.entry().node());
      return new Opened(created.file(), parent);
    } catch (ErrnoException e) {
      parent.close();
      throw e;
    }
  }

  private boolean isSymlink(Walk parent, FileName name) throws ErrnoException {
    if (!(fileSystem.lookup(parent.node(), name, caller.get()) instanceof Entry.Present entry)) {
      return false;
    }
    fileSystem.forget(entry.node(), 1);
    return entry.attributes().value().type() == FileType.SYMLINK;
  }
}
