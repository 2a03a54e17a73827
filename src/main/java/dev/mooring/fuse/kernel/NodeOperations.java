package dev.mooring.fuse.kernel;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fuse.HandleTable;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import org.jspecify.annotations.Nullable;

/** What is asked about nodes and names. Thread-safe. */
final class NodeOperations {
  private final FileSystem fileSystem;
  private final NodeTable nodes;
  private final HandleTable<OpenFile> files;

  NodeOperations(FileSystem fileSystem, NodeTable nodes, HandleTable<OpenFile> files) {
    this.fileSystem = fileSystem;
    this.nodes = nodes;
    this.files = files;
  }

  Reply lookup(Node dir, Request.Lookup request, Caller caller) throws ErrnoException {
    return switch (fileSystem.lookup(dir, request.name(), caller)) {
      case Entry.Present present -> found(present);
      case Entry.Absent absent -> new Reply.NotFound(absent.trueUntilNanos());
    };
  }

  Reply getattr(Node node, Request.Getattr request, Caller caller) throws ErrnoException {
    return new Reply.Shown(fileSystem.getattr(node, file(request.handle()), caller));
  }

  Reply setattr(Node node, Request.Setattr request, Caller caller) throws ErrnoException {
    return new Reply.Shown(
        fileSystem.setattr(node, file(request.handle()), request.change(), caller));
  }

  private @Nullable OpenFile file(@Nullable Long handle) throws ErrnoException {
    return handle == null ? null : files.get(handle);
  }

  Reply readlink(Node node, Caller caller) throws ErrnoException {
    return new Reply.Target(fileSystem.readlink(node, caller));
  }

  Reply symlink(Node dir, Request.Symlink request, Caller caller) throws ErrnoException {
    return found(fileSystem.symlink(dir, request.name(), request.target(), caller));
  }

  Reply mknod(Node dir, Request.Mknod request, Caller caller) throws ErrnoException {
    FileType type = FileType.ofMode(request.mode());
    return found(fileSystem.mknod(dir, request.name(), type, permissions(request.mode()), caller));
  }

  Reply mkdir(Node dir, Request.Mkdir request, Caller caller) throws ErrnoException {
    return found(fileSystem.mkdir(dir, request.name(), permissions(request.mode()), caller));
  }

  Reply unlink(Node dir, Request.Unlink request, Caller caller) throws ErrnoException {
    fileSystem.unlink(dir, request.name(), caller);
    return new Reply.Done();
  }

  Reply rmdir(Node dir, Request.Rmdir request, Caller caller) throws ErrnoException {
    fileSystem.rmdir(dir, request.name(), caller);
    return new Reply.Done();
  }

  Reply rename(Node dir, Request.Rename request, Caller caller) throws ErrnoException {
    Node newDir = nodes.get(request.newDirId());
    fileSystem.rename(dir, request.name(), newDir, request.newName(), request.flags(), caller);
    return new Reply.Done();
  }

  Reply link(Node dir, Request.Link request, Caller caller) throws ErrnoException {
    Node target = nodes.get(request.targetId());
    return found(fileSystem.link(target, dir, request.newName(), caller));
  }

  Reply statfs(Caller caller) throws ErrnoException {
    return new Reply.Filled(fileSystem.statfs(caller).value());
  }

  /** What a reply to LOOKUP or to a verb that makes something says. */
  Reply.Found found(Entry.Present entry) {
    return new Reply.Found(nodes.refer(entry.node()), entry);
  }

  static int permissions(int mode) {
    return mode & Attributes.PERMISSION_BITS;
  }
}
