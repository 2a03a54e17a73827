package dev.mooring.fuse.kernel;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.Node;
import dev.mooring.fs.OpenFile;
import dev.mooring.fs.Pace;
import dev.mooring.fs.Payload;
import dev.mooring.fuse.HandleTable;
import dev.mooring.fuse.PageCache;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Carries out requests with the file system, and keeps what the kernel holds: references of nodes,
 * open files, open directories. Thread-safe.
 */
final class Operations {
  private final NodeTable nodes;
  private final HandleTable<OpenFile> files;
  private final NodeOperations ofNodes;
  private final FileOperations ofFiles;
  private final DirectoryOperations ofDirectories;

  Operations(FileSystem fileSystem, Pace pace, PageCache pages) {
    AtomicLong lastHandle = new AtomicLong();
    nodes = new NodeTable(fileSystem);
    files = new HandleTable<>(lastHandle);
    ofNodes = new NodeOperations(fileSystem, nodes, files);
    ofFiles = new FileOperations(fileSystem, ofNodes, files, pages);
    ofDirectories = new DirectoryOperations(fileSystem, nodes, lastHandle, pace);
  }

  /**
   * Carries a request out.
   *
   * @param nodeId which node it is about
   * @param payload the bytes of a WRITE
   * @throws ErrnoException what the reply is to say, or {@link dev.mooring.fs.WouldWait}
   */
  Reply execute(long nodeId, Request request, @Nullable Payload payload, Caller caller)
      throws ErrnoException {
    return switch (request) {
      case Request.Lookup lookup -> ofNodes.lookup(node(nodeId), lookup, caller);
      case Request.Getattr getattr -> ofNodes.getattr(node(nodeId), getattr, caller);
      case Request.Setattr setattr -> ofNodes.setattr(node(nodeId), setattr, caller);
      case Request.Readlink _ -> ofNodes.readlink(node(nodeId), caller);
      case Request.Symlink symlink -> ofNodes.symlink(node(nodeId), symlink, caller);
      case Request.Mknod mknod -> ofNodes.mknod(node(nodeId), mknod, caller);
      case Request.Mkdir mkdir -> ofNodes.mkdir(node(nodeId), mkdir, caller);
      case Request.Unlink unlink -> ofNodes.unlink(node(nodeId), unlink, caller);
      case Request.Rmdir rmdir -> ofNodes.rmdir(node(nodeId), rmdir, caller);
      case Request.Rename rename -> ofNodes.rename(node(nodeId), rename, caller);
      case Request.Link link -> ofNodes.link(node(nodeId), link, caller);
      case Request.Statfs _ -> ofNodes.statfs(caller);
      case Request.Open open -> ofFiles.open(node(nodeId), open, caller);
      case Request.Create create -> ofFiles.create(node(nodeId), create, caller);
      case Request.Read read -> ofFiles.read(read, caller);
      case Request.Write write -> ofFiles.write(write, present(payload), caller);
      case Request.Flush flush -> ofFiles.flush(flush, caller);
      case Request.Fsync fsync -> ofFiles.fsync(fsync, caller);
      case Request.Fallocate fallocate -> ofFiles.fallocate(fallocate, caller);
      case Request.CopyFileRange copy -> ofFiles.copyFileRange(copy, caller);
      case Request.Release release -> ofFiles.release(release.handle());
      case Request.Opendir _ -> ofDirectories.opendir(node(nodeId), caller);
      case Request.Readdir readdir -> ofDirectories.readdir(readdir, caller);
      case Request.Releasedir release -> ofDirectories.releasedir(release.handle());
      case Request.Unsupported unsupported -> throw unsupported("opcode " + unsupported.opcode());
      case Request.Forget _,
          Request.BatchForget _,
          Request.Interrupt _,
          Request.Init _,
          Request.Destroy _ ->
          throw unsupported("a request of the connection, not of a file system");
    };
  }

  private Node node(long id) throws ErrnoException {
    return nodes.get(id);
  }

  private static Payload present(@Nullable Payload payload) throws ErrnoException {
    if (payload == null) {
      throw new ErrnoException(Errno.EIO, "a WRITE without its bytes");
    }
    return payload;
  }

  private static ErrnoException unsupported(String what) {
    return new ErrnoException(Errno.ENOSYS, what);
  }

  /** The kernel gives references back. */
  void forget(long nodeId, long references) {
    nodes.forget(nodeId, references);
  }

  /** The kernel has refused a reply, so it does not hold what that carried. */
  void undo(Reply reply) {
    switch (reply) {
      case Reply.Found found -> nodes.forget(found.nodeId(), 1);
      case Reply.Made made -> {
        undo(made.opened());
        undo(made.found());
      }
      case Reply.Opened opened -> {
        // Files and directories are numbered together, so one of the two does nothing.
        ofFiles.release(opened.handle());
        ofDirectories.releasedir(opened.handle());
      }
      case Reply.Entries entries -> entries.nodeIds().forEach(id -> nodes.forget(id, 1));
      case Reply.Failed _,
          Reply.Done _,
          Reply.NotFound _,
          Reply.Shown _,
          Reply.Bytes _,
          Reply.Written _,
          Reply.Copied _,
          Reply.Target _,
          Reply.Filled _,
          Reply.Agreed _ -> {}
    }
  }

  /** The node id of a node that the kernel knows, or null. */
  @Nullable Long idOf(Node node) {
    return nodes.idOf(node);
  }

  /** The kernel is gone: gives back all that it held. */
  void giveBackAll() {
    files.removeAll(OpenFile::release);
    ofDirectories.releaseAll();
    nodes.forgetAll();
  }

  /** How many nodes, open files and open directories the kernel holds. */
  int held() {
    return nodes.size() + files.size() + ofDirectories.open();
  }
}
