package dev.mooring.testing;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.RenameFlags;
import dev.mooring.testing.ReferenceNode.Folder;
import org.jspecify.annotations.Nullable;

/** One renameat2(2) of the {@link ReferenceFileSystem}: its checks in Linux's order, its effect. */
record ReferenceRename(Folder from, FileName name, Folder to, FileName newName) {

  void run(RenameFlags flags, long now) throws ErrnoException {
    ReferenceNode source = from.child(name);
    ReferenceNode victim = to.children.get(newName);
    requireNames(victim, flags);
    requireNoLoop(source, victim, flags);
    if (source == victim) {
      return;
    }
    if (flags == RenameFlags.EXCHANGE) {
      exchange(source, to.child(newName), now);
    } else {
      replace(source, victim, now);
    }
    source.changedSeconds = now;
  }

  private void requireNames(@Nullable ReferenceNode victim, RenameFlags flags)
      throws ErrnoException {
    if (victim != null && flags == RenameFlags.NO_REPLACE) {
      throw new ErrnoException(Errno.EEXIST, newName.toString());
    }
    if (victim == null && (flags == RenameFlags.EXCHANGE || to.links == 0)) {
      throw new ErrnoException(Errno.ENOENT, newName.toString());
    }
  }

  private void requireNoLoop(
      ReferenceNode source, @Nullable ReferenceNode victim, RenameFlags flags)
      throws ErrnoException {
    if (to.isWithin(source)) {
      throw new ErrnoException(Errno.EINVAL, "a directory cannot go below itself");
    }
    if (victim != null && from.isWithin(victim)) {
      boolean exchange = flags == RenameFlags.EXCHANGE;
      throw new ErrnoException(exchange ? Errno.EINVAL : Errno.ENOTEMPTY, newName.toString());
    }
  }

  private void exchange(ReferenceNode source, ReferenceNode other, long now) {
    from.take(name, now);
    to.take(newName, now);
    from.put(name, other, now);
    to.put(newName, source, now);
    other.changedSeconds = now;
  }

  private void replace(ReferenceNode source, @Nullable ReferenceNode victim, long now)
      throws ErrnoException {
    if (victim != null) {
      if (source instanceof Folder) {
        victim.requireEmptyFolder();
      } else if (victim instanceof Folder) {
        throw new ErrnoException(Errno.EISDIR, newName.toString());
      }
      to.remove(newName, now);
    }
    from.take(name, now);
    to.put(newName, source, now);
  }
}
