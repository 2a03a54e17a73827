package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.remote.RemoteFileSystem.Unwritten;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writing out all that is dirty, whichever file it belongs to, and saying what still is. */
final class Syncing {
  private final Shared shared;

  Syncing(Shared shared) {
    this.shared = shared;
  }

  /** Sends the writes of all nodes at once, and waits for all of them. */
  void sync(Caller caller) throws ErrnoException {
    List<RemoteNode> nodes = shared.table().written();
    if (nodes.stream().anyMatch(node -> node.isBusy())) {
      caller.beforeWaiting();
      CompletableFuture<?>[] drained =
          nodes.stream().map(node -> node.writes().drain()).toArray(CompletableFuture[]::new);
      shared.pace().await(CompletableFuture.allOf(drained), caller);
    }
    for (RemoteNode node : nodes) {
      tell(node);
    }
  }

  private void tell(RemoteNode node) throws ErrnoException {
    WriteErrors.Untold untold = node.writes().errors().tell();
    if (untold != null) {
      String loss = untold.bytes() + " bytes of " + shared.table().pathForPeople(node);
      ErrnoException error = untold.last();
      throw new ErrnoException(error.errno(), loss + " are lost: " + error.getMessage(), error);
    }
  }

  List<Unwritten> unwritten() {
    return shared.table().written().stream()
        .map(node ->
            new Unwritten(
                shared.table().pathForPeople(node),
                node.writes().dirtyBytes() + node.writes().errors().untoldBytes()))
        .filter(unwritten -> unwritten.bytes() > 0)
        .toList();
  }
}
