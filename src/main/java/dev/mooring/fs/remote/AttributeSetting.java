package dev.mooring.fs.remote;

import dev.mooring.fs.AttributeChange;
import dev.mooring.fs.AttributeChange.TimeChange;
import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** setattr: what is to be changed and the attributes afterwards, in one burst. */
final class AttributeSetting {
  private static final int SET_ID_BITS = 06000;

  private final Shared shared;
  private final NodeAttributes attributes;

  AttributeSetting(Shared shared, NodeAttributes attributes) {
    this.shared = shared;
    this.attributes = attributes;
  }

  Fresh<Attributes> setattr(
      RemoteNode node, @Nullable RemoteFile file, AttributeChange change, Caller caller)
      throws ErrnoException {
    Fresh<Attributes> same = change.size() == null ? unchanged(node, change) : null;
    if (same != null) {
      return same;
    }
    caller.beforeWaiting();
    if (change.size() != null) {
      refuseSize(node, change.size());
      resize(node, file, change.size(), caller);
    }
    boolean more = change.permissions() != null || !change.keepsOwner() || !change.keepsTimes();
    if (!more) {
      return attributes.current(node, serverFile(file), caller);
    }
    ServerFile behind = node.isLinked() ? node.writes().useLast() : null;
    try {
      if (behind == null && node.isBusy()) {
        shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
      }
      return set(node, behind == null ? serverFile(file) : behind, behind != null, change, caller);
    } finally {
      if (behind != null) {
        behind.letGo();
      }
    }
  }

  /** The attributes if the change is known to change nothing; null if it may. */
  private @Nullable Fresh<Attributes> unchanged(RemoteNode node, AttributeChange change)
      throws ErrnoException {
    AttributeCache.Seen seen = node.attributes().seen();
    if (seen == null
        || !change.keepsTimes()
        || !shared.ticks().isFresh(seen.asked(), shared.settings().lifetimes().openAttributes())) {
      return null;
    }
    Integer mode = seen.attributes().mode();
    boolean sameMode =
        change.permissions() == null
            || (mode != null && (mode & Attributes.PERMISSION_BITS) == change.permissions());
    boolean same = sameMode && (change.keepsOwner() || isOwner(node, seen.attributes(), change));
    return same ? attributes.remembered(node) : null;
  }

  /** Whether a chown would be without effect; one that takes set-uid bits away is not. */
  private boolean isOwner(RemoteNode node, RemoteAttributes seen, AttributeChange change)
      throws ErrnoException {
    boolean plain = seen.mode() != null && (seen.mode() & SET_ID_BITS) == 0;
    boolean shown = node.shownUid() == null && node.shownGid() == null;
    return plain && shown && seen.owner() != null && seen.owner().equals(owner(change, seen));
  }

  private static @Nullable ServerFile serverFile(@Nullable RemoteFile file) {
    return file == null ? null : file.serverFile();
  }

  private static void refuseSize(RemoteNode node, long size) throws ErrnoException {
    if (node.type() == FileType.DIRECTORY) {
      throw new ErrnoException(Errno.EISDIR, node.toString());
    }
    if (node.type() != FileType.REGULAR || size < 0) {
      throw new ErrnoException(Errno.EINVAL, node + " to " + size);
    }
  }

  private void resize(RemoteNode node, @Nullable RemoteFile file, long size, Caller caller)
      throws ErrnoException {
    if (file != null && !file.serverFile().writes()) {
      throw new ErrnoException(Errno.EINVAL, "not open for writing");
    }
    if (file != null) {
      file.resize(size, caller);
      return;
    }
    if (node.isBusy()) {
      shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
    }
    node.contentChanged();
    node.writes().resized();
    RemoteAttributes resized = RemoteAttributes.ofSize(size);
    try {
      apply(
          node,
          target(node, null),
          new Requests(Operation.TRUNCATE, List.of(resized), null),
          caller);
    } catch (ErrnoException refused) {
      if (size != 0 || !isEmptied(node, caller)) {
        throw refused;
      }
    }
    node.writes().resized();
    node.contentChanged();
    node.pages().changedByUs();
  }

  /** A server that refuses to set sizes may still empty a file as it opens it. */
  private boolean isEmptied(RemoteNode node, Caller caller) throws ErrnoException {
    RemotePath path = shared.table().path(node);
    node.attributes().beginChange();
    try {
      CompletableFuture<RemoteHandle> opened =
          shared.client().open(path, OpenMode.WRITE | OpenMode.TRUNCATE, RemoteAttributes.NONE);
      opened.thenAccept(handle -> shared.client().close(handle));
      shared.wire().settle(opened, caller);
      return opened.state() == CompletableFuture.State.SUCCESS;
    } finally {
      node.attributes().endChange(null, shared.ticks().next());
    }
  }

  /** In one burst with the writes that are pending, if there are any. */
  private Fresh<Attributes> set(
      RemoteNode node,
      @Nullable ServerFile file,
      boolean behindWrites,
      AttributeChange change,
      Caller caller)
      throws ErrnoException {
    boolean ownerAlone = change.permissions() == null && change.keepsTimes();
    if (ownerAlone && !isSettable(node) && absorbsOwners()) {
      showOwner(node, change);
      return attributes.current(node, file, caller);
    }
    RemoteAttributes before = known(node, file, change, caller);
    List<RemoteAttributes> requests = new ArrayList<>();
    RemoteAttributes.Times times = times(change, before);
    if (change.permissions() != null || times != null) {
      requests.add(new RemoteAttributes(null, null, change.permissions(), times));
    }
    RemoteAttributes.Owner owner = owner(change, before);
    if (times != null) {
      node.pages().changedByUs();
    }
    Chown chown = owner == null ? null : new Chown(owner, change);
    Target target =
        behindWrites && file != null ? new BehindWrites(shared, file) : target(node, file);
    return apply(node, target, new Requests(Operation.SETATTR, requests, chown), caller);
  }

  /** What is sent in one burst: first these, then the change of owner. */
  private record Requests(
      Operation operation, List<RemoteAttributes> changes, @Nullable Chown chown) {}

  /** A change of owner as the server and as the caller name it. */
  private record Chown(RemoteAttributes.Owner owner, AttributeChange wanted) {}

  /** The wire pairs owner with group and one time with the other: the one kept must be known. */
  private RemoteAttributes known(
      RemoteNode node, @Nullable ServerFile file, AttributeChange change, Caller caller)
      throws ErrnoException {
    boolean oneTime =
        change.accessed() instanceof TimeChange.Keep
            != change.modified() instanceof TimeChange.Keep;
    boolean oneId = (change.uid() == null) != (change.gid() == null);
    if (!oneTime && !oneId) {
      return RemoteAttributes.NONE;
    }
    boolean keepsModified = change.modified() instanceof TimeChange.Keep && oneTime;
    AttributeCache.Seen last = node.attributes().last();
    // Pending writes change the time of modification and nothing else of what is needed here.
    boolean good =
        last != null
            && last.asked().tick() >= node.attributes().changedTick()
            && (node.attributes().seen() == last || !keepsModified)
            && shared.ticks().isFresh(last.asked(), shared.view().lifetimeOf(node));
    if (good && last != null) {
      return last.attributes();
    }
    if (node.isBusy()) {
      shared.wire().settleBehind(node.writes(), node.writes().drain(), caller);
    }
    return attributes.ask(node, file, caller);
  }

  private RemoteAttributes.@Nullable Times times(AttributeChange change, RemoteAttributes before) {
    if (change.keepsTimes()) {
      return null;
    }
    RemoteAttributes.Times kept =
        before.times() == null ? new RemoteAttributes.Times(0, 0) : before.times();
    return new RemoteAttributes.Times(
        seconds(change.accessed(), kept.accessedSeconds()),
        seconds(change.modified(), kept.modifiedSeconds()));
  }

  private long seconds(TimeChange change, long kept) {
    long wanted =
        switch (change) {
          case TimeChange.Keep _ -> kept;
          case TimeChange.Set set -> set.seconds();
          case TimeChange.Now _ -> shared.clock().now();
        };
    return Math.clamp(wanted, 0, RemoteAttributes.Times.MAX_SECONDS);
  }

  private RemoteAttributes.@Nullable Owner owner(AttributeChange change, RemoteAttributes before)
      throws ErrnoException {
    if (change.keepsOwner()) {
      return null;
    }
    RemoteAttributes.Owner kept =
        before.owner() == null ? new RemoteAttributes.Owner(0, 0) : before.owner();
    IdMapping ids = shared.settings().owners().ids();
    return new RemoteAttributes.Owner(
        change.uid() == null ? kept.uid() : ids.remoteUid(change.uid()),
        change.gid() == null ? kept.gid() : ids.remoteGid(change.gid()));
  }

  private Fresh<Attributes> apply(RemoteNode node, Target target, Requests requests, Caller caller)
      throws ErrnoException {
    target.begin(node);
    AttributeCache.Seen after = null;
    try {
      List<CompletableFuture<Void>> replies = requests.changes().stream().map(target::set).toList();
      Chown chown = requests.chown();
      CompletableFuture<Void> owned =
          chown == null ? null : target.set(new RemoteAttributes(null, chown.owner(), null, null));
      Asked asked = shared.now();
      CompletableFuture<RemoteAttributes> seen = target.stat();
      if (node.isBusy()) {
        shared.wire().settleBehind(node.writes(), seen, caller);
      }
      for (CompletableFuture<Void> reply : replies) {
        shared
            .wire()
            .get(reply, caller, refusal -> explain(requests.operation(), refusal, node, caller));
      }
      if (owned != null && chown != null) {
        settleOwner(node, owned, chown.wanted(), caller);
      }
      after = new AttributeCache.Seen(shared.wire().get(Operation.GETATTR, seen, caller), asked);
    } finally {
      target.end(node, after, shared.ticks().next());
    }
    return attributes.shown(node, after.attributes(), after.asked());
  }

  private ErrnoException explain(
      Operation operation, SftpException refusal, RemoteNode node, Caller caller)
      throws ErrnoException {
    return node.isLinked()
        ? shared.refusals().onPath(operation, refusal, shared.table().path(node), caller)
        : StatusTranslation.exception(operation, refusal);
  }

  private void settleOwner(
      RemoteNode node, CompletableFuture<Void> owned, AttributeChange wanted, Caller caller)
      throws ErrnoException {
    shared.wire().settle(owned, caller);
    boolean refused =
        owned.state() == CompletableFuture.State.FAILED
            && owned.exceptionNow() instanceof SftpException refusal
            && refusal.status() != SftpStatus.NO_SUCH_FILE;
    if (refused && absorbsOwners()) {
      showOwner(node, wanted);
    } else {
      shared
          .wire()
          .get(owned, caller, refusal -> explain(Operation.SETATTR, refusal, node, caller));
      node.showOwner(null, null);
      if (node.isLinked() && !shared.owners().isEmpty()) {
        shared.owners().accepted(shared.table().path(node));
      }
    }
  }

  private boolean absorbsOwners() {
    return shared.settings().owners().chown() == RemoteSettings.Chown.AUTO;
  }

  private void showOwner(RemoteNode node, AttributeChange wanted) throws ErrnoException {
    Integer uid = wanted.uid() == null ? node.shownUid() : wanted.uid();
    Integer gid = wanted.gid() == null ? node.shownGid() : wanted.gid();
    node.showOwner(uid, gid);
    if (node.isLinked()) {
      shared.owners().refused(shared.table().path(node), new RememberedOwners.Wanted(uid, gid));
    }
  }

  /** Whether the server can set anything of it: SETSTAT follows symbolic links. */
  private boolean isSettable(RemoteNode node) {
    return node.type() != FileType.SYMLINK
        || shared.client().extensions().contains(Extension.LSETSTAT);
  }

  /** Where a change goes to. */
  private interface Target {
    CompletableFuture<Void> set(RemoteAttributes change);

    CompletableFuture<RemoteAttributes> stat();

    default void begin(RemoteNode node) {
      node.attributes().beginChange();
    }

    default void end(RemoteNode node, AttributeCache.@Nullable Seen after, long tick) {
      node.attributes().endChange(after, tick);
    }
  }

  /** In line with the writes of a file, which keeps the attribute cache informed itself. */
  private record BehindWrites(Shared shared, ServerFile file) implements Target {
    @Override
    public CompletableFuture<Void> set(RemoteAttributes change) {
      return file.node()
          .writes()
          .behind(file, true, handle -> shared.client().fsetstat(handle, change));
    }

    @Override
    public CompletableFuture<RemoteAttributes> stat() {
      return file.node().writes().attributesBehind(file);
    }

    @Override
    public void begin(RemoteNode node) {}

    @Override
    public void end(RemoteNode node, AttributeCache.@Nullable Seen after, long tick) {}
  }

  private Target target(RemoteNode node, @Nullable ServerFile file) throws ErrnoException {
    boolean linked = node.isLinked();
    ServerFile open =
        file != null || linked || node.files().isEmpty() ? file : node.files().getFirst();
    // Others may have moved or replaced what is open: only the handle still means it.
    if (open != null && (!linked || open.handle().isLive())) {
      return new ByHandle(shared, open);
    }
    RemotePath path = shared.table().path(node);
    if (!isSettable(node)) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "attributes of a symbolic link on this server");
    }
    return new ByPath(this, path, node.type() == FileType.SYMLINK);
  }

  private record ByHandle(Shared shared, ServerFile file) implements Target {
    @Override
    public CompletableFuture<Void> set(RemoteAttributes change) {
      return file.ask(handle -> shared.client().fsetstat(handle, change));
    }

    @Override
    public CompletableFuture<RemoteAttributes> stat() {
      return file.ask(shared.client()::fstat);
    }
  }

  private record ByPath(AttributeSetting setting, RemotePath path, boolean link) implements Target {
    @Override
    public CompletableFuture<Void> set(RemoteAttributes change) {
      return link
          ? setting.shared.client().lsetstat(path, change)
          : setting.shared.client().setstat(path, change);
    }

    @Override
    public CompletableFuture<RemoteAttributes> stat() {
      return setting.attributes.stat(path);
    }
  }
}
