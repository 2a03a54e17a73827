package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.TargetBytes;
import dev.mooring.sftp.Complaints;
import dev.mooring.sftp.RemotePath;
import java.nio.ByteBuffer;

/** readlink: remembered as long as a name is, and shown only if it stays inside. */
final class LinkReading {
  private final Shared shared;
  private final SymlinkPolicy policy;
  private final OwnLinks ownLinks;

  LinkReading(Shared shared, OwnLinks ownLinks) {
    this.shared = shared;
    this.ownLinks = ownLinks;
    policy = new SymlinkPolicy(shared.settings().symlinks(), shared.settings().root());
  }

  TargetBytes readlink(RemoteNode node, Caller caller) throws ErrnoException {
    if (node.type() != FileType.SYMLINK) {
      throw new ErrnoException(Errno.EINVAL, node + " is no symbolic link");
    }
    RemoteNode.ReadLink known = node.target();
    boolean fresh =
        known != null
            && known.asked().tick() > node.attributes().changedTick()
            && shared.ticks().isFresh(known.asked(), shared.settings().lifetimes().entries());
    TargetBytes target = fresh && known != null ? known.target() : ask(node, caller);
    return ownLinks.isOurs(node, target)
        ? target
        : policy.show(target, Math.max(0, shared.table().depth(node) - 1));
  }

  private TargetBytes ask(RemoteNode node, Caller caller) throws ErrnoException {
    caller.beforeWaiting();
    RemotePath path = shared.table().path(node);
    Asked asked = shared.now();
    ByteBuffer reply =
        shared
            .wire()
            .get(
                shared.client().readlink(path),
                caller,
                refusal -> shared.refusals().onPath(Operation.READLINK, refusal, path, caller));
    byte[] bytes = new byte[reply.remaining()];
    reply.duplicate().get(bytes);
    TargetBytes target = checked(bytes, path);
    node.rememberTarget(new RemoteNode.ReadLink(target, asked));
    return target;
  }

  /** What no link of any server can lead to is an error of the server, and not of who reads it. */
  private TargetBytes checked(byte[] bytes, RemotePath path) throws ErrnoException {
    try {
      return TargetBytes.of(bytes);
    } catch (ErrnoException e) {
      shared
          .complaints()
          .warn(
              Complaints.Kind.TARGET,
              "the link %s has a target that cannot be one: %s".formatted(path, e.getMessage()));
      throw e.errno() == Errno.ENAMETOOLONG ? e : new ErrnoException(Errno.EIO, "no target", e);
    }
  }
}
