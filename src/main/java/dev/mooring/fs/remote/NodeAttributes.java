package dev.mooring.fs.remote;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Fresh;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** getattr: from memory while that is fresh, behind pending writes, or from the server. */
final class NodeAttributes {
  /** How often an answer that a change of ours overtook is asked for again. */
  private static final int TRIES = 4;

  private final Shared shared;

  NodeAttributes(Shared shared) {
    this.shared = shared;
  }

  /** What memory knows and may still be believed; null when the server must be asked. */
  @Nullable Fresh<Attributes> remembered(RemoteNode node) throws ErrnoException {
    AttributeCache.Seen seen = node.attributes().seen();
    boolean fresh =
        seen != null && shared.ticks().isFresh(seen.asked(), shared.view().lifetimeOf(node));
    return fresh && seen != null ? shown(node, seen.attributes(), seen.asked()) : null;
  }

  /** The attributes of now, or as fresh as the lifetimes demand. */
  Fresh<Attributes> current(RemoteNode node, @Nullable ServerFile file, Caller caller)
      throws ErrnoException {
    for (int i = 0; i < TRIES; i++) {
      Fresh<Attributes> known = remembered(node);
      if (known != null) {
        shared.counters().hit();
        return known;
      }
      caller.beforeWaiting();
      shared.counters().miss();
      Asked asked = shared.now();
      CompletableFuture<RemoteAttributes> pending =
          node.isBusy() ? node.writes().attributesBehindLast() : null;
      if (pending != null) {
        return behindWrites(node, pending, asked, caller);
      }
      RemoteAttributes said = ask(node, file, caller);
      if (node.attributes().learn(said, asked)) {
        notice(node, said);
        return shown(node, said, asked);
      }
    }
    return shared.ticks().stale(shown(node, ask(node, file, caller), shared.now()).value());
  }

  private Fresh<Attributes> behindWrites(
      RemoteNode node, CompletableFuture<RemoteAttributes> reply, Asked asked, Caller caller)
      throws ErrnoException {
    RemoteAttributes said = shared.wire().get(Operation.GETATTR, reply, caller);
    AttributeCache.Seen seen = node.attributes().seen();
    return seen != null && seen.attributes() == said
        ? shown(node, said, asked)
        : shared.ticks().stale(shown(node, said, asked).value());
  }

  /** The server's present answer, by handle where it has one, else by path. */
  RemoteAttributes ask(RemoteNode node, @Nullable ServerFile file, Caller caller)
      throws ErrnoException {
    ServerFile open = file != null || node.isLinked() ? file : anyFile(node);
    if (open != null && open.handle().isLive()) {
      CompletableFuture<RemoteAttributes> reply = open.ask(shared.client()::fstat);
      shared.wire().settle(reply, caller);
      if (!Wire.isLost(reply)) {
        return shared.wire().get(Operation.GETATTR, reply, caller);
      }
    }
    RemoteAttributes said = shared.wire().get(Operation.GETATTR, stat(node), caller);
    if (AttributeView.typeOf(said) != node.type()) {
      forgetName(node);
      throw new ErrnoException(Errno.ESTALE, node + " was replaced on the server");
    }
    return said;
  }

  private void forgetName(RemoteNode node) {
    RemoteNode dir = shared.table().parent(node);
    FileName name = node.place().name();
    if (dir != null && name != null) {
      shared.table().doubt(dir, name, shared.now());
      shared.listener().get().entryChanged(dir, name);
    }
  }

  private static @Nullable ServerFile anyFile(RemoteNode node) {
    return node.files().isEmpty() ? null : node.files().getFirst();
  }

  /** LSTAT, or STAT where links are followed. */
  CompletableFuture<RemoteAttributes> stat(RemoteNode node) throws ErrnoException {
    return stat(shared.table().path(node));
  }

  /** The same of a path. */
  CompletableFuture<RemoteAttributes> stat(RemotePath path) {
    boolean follow = shared.settings().symlinks().follow();
    return follow ? shared.client().stat(path) : shared.client().lstat(path);
  }

  /** Tells the kernel when somebody else changed the content. */
  void notice(RemoteNode node, RemoteAttributes said) {
    if (node.pages().changedByOthers(said, shared.pace().nanoTime())) {
      node.contentChanged();
      shared.listener().get().contentChanged(node);
    }
  }

  /** As the caller sees it, true for the lifetime from when it was asked for. */
  Fresh<Attributes> shown(RemoteNode node, RemoteAttributes said, Asked asked)
      throws ErrnoException {
    return new Fresh<>(
        shared.view().show(node, said), Ticks.until(asked, shared.view().lifetimeOf(node)));
  }
}
