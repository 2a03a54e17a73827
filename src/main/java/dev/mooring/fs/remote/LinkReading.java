package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.TargetBytes;
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
    TargetBytes target = TargetBytes.of(bytes);
    node.rememberTarget(new RemoteNode.ReadLink(target, asked));
    return target;
  }
}
