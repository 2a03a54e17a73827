package dev.mooring.fs.remote;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.RemoteAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives what was just made the permission bits that the server's umask took away, for the caller's
 * own has been applied already; and to its caller, if that is wanted and the login is root.
 */
final class FirstAttributes {
  private static final int CREATION_BITS = 01777;
  private static final int ROOT = 0;

  private final Ticks ticks;
  private final RemoteSettings.Owners owners;

  FirstAttributes(Ticks ticks, RemoteSettings.Owners owners) {
    this.ticks = ticks;
    this.owners = owners;
  }

  /**
   * Sends what is missing, and does not wait for it: requests that follow see it. If it fails, what
   * was believed of the node is forgotten.
   *
   * @return the attributes afterwards
   */
  RemoteAttributes complete(
      RemoteNode node,
      int wanted,
      RemoteAttributes said,
      Caller caller,
      Function<RemoteAttributes, CompletableFuture<Void>> set) {
    RemoteAttributes.Owner owner = missingOwner(said, caller);
    Integer mode = missingMode(wanted, said);
    // In this order, for a change of owner takes bits away.
    if (owner != null) {
      send(node, new RemoteAttributes(null, owner, null, null), set);
    }
    if (mode != null) {
      send(node, RemoteAttributes.ofMode(mode & Attributes.PERMISSION_BITS), set);
    }
    return new RemoteAttributes(
        said.size(),
        owner == null ? said.owner() : owner,
        mode == null ? said.mode() : mode,
        said.times());
  }

  private static @Nullable Integer missingMode(int wanted, RemoteAttributes said) {
    Integer mode = said.mode();
    int missing = mode == null ? 0 : wanted & ~mode & CREATION_BITS;
    return missing == 0 || mode == null ? null : Integer.valueOf(mode | missing);
  }

  /** A group that is not root's comes from a directory that hands its own on. */
  private RemoteAttributes.@Nullable Owner missingOwner(RemoteAttributes said, Caller caller) {
    RemoteAttributes.Owner made = said.owner();
    if (!owners.ofCallers() || made == null || made.uid() != ROOT) {
      return null;
    }
    try {
      RemoteAttributes.Owner callers =
          new RemoteAttributes.Owner(
              owners.ids().remoteUid(caller.uid()),
              made.gid() == ROOT ? owners.ids().remoteGid(caller.gid()) : made.gid());
      return callers.equals(made) ? null : callers;
    } catch (ErrnoException unmapped) {
      return null;
    }
  }

  private void send(
      RemoteNode node,
      RemoteAttributes change,
      Function<RemoteAttributes, CompletableFuture<Void>> set) {
    set.apply(change).whenComplete((_, failed) -> forgetIf(failed != null, node));
  }

  private void forgetIf(boolean failed, RemoteNode node) {
    if (failed) {
      node.attributes().invalidate(ticks.next());
    }
  }
}
