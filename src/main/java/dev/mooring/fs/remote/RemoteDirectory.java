package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Directory;
import dev.mooring.fs.Entry;
import dev.mooring.fs.EntrySink;
import dev.mooring.fs.ErrnoException;
import dev.mooring.sftp.RemotePath;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An open directory: a snapshot taken at the first read, offered while it comes in. */
final class RemoteDirectory implements Directory {
  private final Shared shared;
  private final ListedEntries entries;
  private final Walks walks;
  private final RemoteNode dir;
  private final AtomicBoolean released = new AtomicBoolean();

  @GuardedBy("this")
  private @Nullable DirectoryListing snapshot;

  RemoteDirectory(Shared shared, ListedEntries entries, Walks walks, RemoteNode dir) {
    this.shared = shared;
    this.entries = entries;
    this.walks = walks;
    this.dir = dir;
    shared.table().opened(dir);
  }

  @Override
  public void read(long cookie, boolean plus, EntrySink sink, Caller caller) throws ErrnoException {
    shared.nodes().relieve(shared.pace());
    DirectoryListing listing = snapshot(cookie == 0, caller);
    int index = Math.clamp(cookie, 0, Integer.MAX_VALUE - 1);
    boolean offered = false;
    while (true) {
      DirectoryListing.Listed entry = listing.at(index);
      if (entry == null) {
        if (offered || listing.isComplete()) {
          return;
        }
        await(listing, index, caller);
      } else {
        if (!offer(entry, index + 1L, plus, sink)) {
          return;
        }
        offered = true;
        index++;
      }
    }
  }

  private void await(DirectoryListing listing, int index, Caller caller) throws ErrnoException {
    RemotePath path = shared.table().path(dir);
    shared
        .wire()
        .get(
            listing.awaiting(index),
            caller,
            refusal -> shared.refusals().onPath(Operation.READDIR, refusal, path, caller));
  }

  private boolean offer(
      DirectoryListing.Listed entry, long nextCookie, boolean plus, EntrySink sink)
      throws ErrnoException {
    Entry.Present whole = plus && !shared.nodes().isFull() ? entries.present(dir, entry) : null;
    long inode = whole == null ? shared.table().inodeOf(dir, entry.name()) : whole.node().inode();
    boolean accepted =
        sink.accept(
            entry.name(), inode, AttributeView.typeOf(entry.attributes()), nextCookie, whole);
    if (!accepted && whole != null) {
      shared.table().forget((RemoteNode) whole.node(), 1);
    }
    return accepted;
  }

  private DirectoryListing snapshot(boolean anew, Caller caller) throws ErrnoException {
    DirectoryListing present;
    synchronized (this) {
      present = snapshot;
    }
    DirectoryListing taken = present == null || anew ? take(caller) : present;
    synchronized (this) {
      snapshot = taken;
      return taken;
    }
  }

  /**
   * The last complete listing while that is fresh and nothing was made or removed; or a new one.
   */
  private DirectoryListing take(Caller caller) throws ErrnoException {
    DirectoryListing known = shared.table().snapshot(dir);
    if (known != null
        && shared.ticks().isFresh(known.asked(), shared.settings().lifetimes().directories())) {
      walks.read(dir);
      return known;
    }
    caller.beforeWaiting();
    DirectoryListing coming = walks.underWay(dir);
    if (coming != null) {
      coming.want();
      walks.read(dir);
      shared.wire().settle(coming.awaiting(0), caller);
      // Who did not ask does not see the error.
      if (!coming.ended().isCompletedExceptionally()) {
        return coming;
      }
    }
    DirectoryListing begun = Listings.begin(shared, dir);
    walks.read(dir);
    return begun;
  }

  @Override
  public void release() {
    if (released.compareAndSet(false, true)) {
      shared.table().closed(dir);
    }
  }
}
