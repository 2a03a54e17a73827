package dev.mooring.fs.remote;

import dev.mooring.fs.Attributes;
import dev.mooring.sftp.RemoteAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Gives what was just made the permission bits that the server's umask took away. The caller's own
 * umask has been applied already; the server's is none of its business.
 */
final class Modes {
  private static final int CREATION_BITS = 01777;

  private final Ticks ticks;

  Modes(Ticks ticks) {
    this.ticks = ticks;
  }

  /**
   * Sends a change of mode if bits are missing, and does not wait for it: requests that follow see
   * it. If it fails, what was believed of the node is forgotten.
   *
   * @return the attributes with those bits
   */
  RemoteAttributes complete(
      RemoteNode node,
      int wanted,
      RemoteAttributes said,
      Function<RemoteAttributes, CompletableFuture<Void>> setMode) {
    Integer mode = said.mode();
    int missing = mode == null ? 0 : wanted & ~mode & CREATION_BITS;
    if (missing == 0 || mode == null) {
      return said;
    }
    int full = mode | missing;
    setMode
        .apply(RemoteAttributes.ofMode(full & Attributes.PERMISSION_BITS))
        .whenComplete((_, failed) -> forgetIf(failed != null, node));
    return new RemoteAttributes(said.size(), said.owner(), full, said.times());
  }

  private void forgetIf(boolean failed, RemoteNode node) {
    if (failed) {
      node.attributes().invalidate(ticks.next());
    }
  }
}
