package dev.mooring.fuse.kernel;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.EntrySink;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileSystem;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Node;
import dev.mooring.fs.Pace;
import dev.mooring.fuse.HandleTable;
import dev.mooring.fuse.kernel.protocol.DirectoryPacker;
import dev.mooring.fuse.kernel.protocol.Reply;
import dev.mooring.fuse.kernel.protocol.Request;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about open directories. {@code .} and {@code ..} are put before the entries, with
 * the offsets 1 and 2; the cookies of the file system follow, shifted by two. Thread-safe.
 */
final class DirectoryOperations {
  /** The most that one reply carries. */
  static final int MAX_BYTES = 64 << 10;

  private static final int DOTS = 2;

  /** What a directory says of a parent whose inode number it does not know. */
  private static final long UNKNOWN_INODE = 0xffffffffL;

  private record Opened(Node node, Directory directory) {}

  private final FileSystem fileSystem;
  private final NodeTable nodes;
  private final Pace pace;
  private final HandleTable<Opened> directories;

  DirectoryOperations(FileSystem fileSystem, NodeTable nodes, AtomicLong lastHandle, Pace pace) {
    this.fileSystem = fileSystem;
    this.nodes = nodes;
    this.pace = pace;
    this.directories = new HandleTable<>(lastHandle);
  }

  Reply opendir(Node node, Caller caller) throws ErrnoException {
    Directory directory = fileSystem.opendir(node, caller);
    return new Reply.Opened(directories.add(new Opened(node, directory)), 0);
  }

  Reply readdir(Request.Readdir request, Caller caller) throws ErrnoException {
    Opened opened = directories.get(request.handle());
    Packing packing = new Packing(Math.min(request.size(), MAX_BYTES), request.plus());
    boolean done = false;
    try {
      if (packing.addDots(request.offset(), opened.node.inode())) {
        long cookie = Math.max(0, request.offset() - DOTS);
        opened.directory.read(cookie, request.plus(), packing, caller);
      }
      done = true;
    } catch (ErrnoException e) {
      // What was taken has been counted. The kernel hears of the error when it goes on from there.
      if (!packing.accepted) {
        throw e;
      }
      done = true;
    } finally {
      if (!done) {
        packing.nodeIds.forEach(id -> nodes.forget(id, 1));
      }
    }
    return new Reply.Entries(packing.bytes.flip(), packing.nodeIds);
  }

  Reply releasedir(long handle) {
    Opened opened = directories.remove(handle);
    if (opened != null) {
      opened.directory.release();
    }
    return new Reply.Done();
  }

  void releaseAll() {
    directories.removeAll(opened -> opened.directory.release());
  }

  /** How many are open. */
  int open() {
    return directories.size();
  }

  private final class Packing implements EntrySink {
    final ByteBuffer bytes;
    final List<Long> nodeIds = new ArrayList<>();
    private final DirectoryPacker packer;
    boolean accepted;

    Packing(int size, boolean plus) {
      bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
      packer = new DirectoryPacker(bytes, plus, pace.nanoTime());
    }

    /** False when there was no room for all that are due. */
    boolean addDots(long offset, long inode) {
      return (offset > 0 || addDot(".", inode, 1))
          && (offset > 1 || addDot("..", UNKNOWN_INODE, 2));
    }

    private boolean addDot(String name, long inode, long nextOffset) {
      if (!packer.hasRoom(name.length())) {
        return false;
      }
      ByteBuffer bytesOfName = StandardCharsets.US_ASCII.encode(name);
      packer.add(bytesOfName, inode, FileType.DIRECTORY, nextOffset, 0, null);
      return true;
    }

    @Override
    public boolean accept(
        FileName name, long inode, FileType type, long nextCookie, Entry.@Nullable Present plus) {
      if (!packer.hasRoom(name.length())) {
        return false;
      }
      long nodeId = 0;
      if (plus != null) {
        nodeId = nodes.refer(plus.node());
        nodeIds.add(nodeId);
      }
      packer.add(name.bytes(), inode, type, nextCookie + DOTS, nodeId, plus);
      accepted = true;
      return true;
    }
  }
}
