package dev.mooring.fs.remote;

import dev.mooring.fs.Attributes;
import dev.mooring.fs.Caller;
import dev.mooring.fs.Entry;
import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.FileType;
import dev.mooring.fs.Fresh;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** lookup: what a directory has under a name, from memory, a complete listing, or the server. */
final class Lookups {
  /**
   * How often the server is asked when own changes of the same name overtake each answer, as they
   * do while many take turns with one lock file.
   */
  private static final int TRIES = 64;

  private final Shared shared;
  private final NodeAttributes attributes;
  private final ListedEntries entries;
  private final Walks walks;

  Lookups(Shared shared, NodeAttributes attributes, ListedEntries entries, Walks walks) {
    this.shared = shared;
    this.attributes = attributes;
    this.entries = entries;
    this.walks = walks;
  }

  Entry lookup(RemoteNode dir, FileName name, Caller caller) throws ErrnoException {
    if (dir.type() != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ENOTDIR, dir.toString());
    }
    walks.entered(dir);
    shared.nodes().relieve(shared.pace());
    for (int i = 0; i < TRIES; i++) {
      Entry known = remembered(dir, name, caller);
      if (known != null) {
        shared.counters().hit();
        return known;
      }
      if (shared.nodes().isFull() && !shared.nodes().makesRoom()) {
        throw new ErrnoException(Errno.ENOMEM, "too many files are known already");
      }
      caller.beforeWaiting();
      shared.counters().miss();
      Entry found = ask(dir, name, caller);
      if (found != null) {
        return found;
      }
    }
    throw new ErrnoException(Errno.EIO, "the name changed faster than it could be looked up");
  }

  /** What the server has answered about a name, or if the name has changed since, a lookup. */
  Entry found(RemoteNode dir, FileName name, RemoteAttributes said, Asked asked, Caller caller)
      throws ErrnoException {
    Entry found = arrived(dir, name, said, asked, caller);
    return found == null ? lookup(dir, name, caller) : found;
  }

  private @Nullable Entry remembered(RemoteNode dir, FileName name, Caller caller)
      throws ErrnoException {
    RemoteNode child = shared.table().child(dir, name);
    if (child != null) {
      Entry known = rememberedChild(child, caller);
      if (known != null) {
        return known;
      }
    }
    NodePlace.Absence absence = shared.table().absence(dir, name);
    if (absence != null && isAbsent(absence.asked())) {
      return absent(absence.asked());
    }
    return listed(dir, name, absence);
  }

  /** Takes over one reference. */
  private @Nullable Entry rememberedChild(RemoteNode child, Caller caller) throws ErrnoException {
    Asked asked = shared.table().nameAsked(child);
    boolean fresh =
        asked.tick() > 0 && shared.ticks().isFresh(asked, shared.settings().lifetimes().entries());
    try {
      Fresh<Attributes> known = fresh ? attributes.remembered(child) : null;
      if (known == null && fresh && child.isBusy()) {
        known = attributes.current(child, null, caller);
      }
      if (known != null) {
        return new Entry.Present(child, known, nameUntil(asked));
      }
    } catch (ErrnoException e) {
      shared.table().forget(child, 1);
      throw e;
    }
    shared.table().forget(child, 1);
    return null;
  }

  private boolean isAbsent(Asked asked) {
    return asked.tick() > 0
        && shared.ticks().isFresh(asked, shared.settings().lifetimes().absent());
  }

  private Entry absent(Asked asked) {
    return new Entry.Absent(Ticks.until(asked, shared.settings().lifetimes().absent()));
  }

  private long nameUntil(Asked asked) {
    return Ticks.until(asked, shared.settings().lifetimes().entries());
  }

  private @Nullable Entry listed(RemoteNode dir, FileName name, NodePlace.@Nullable Absence absence)
      throws ErrnoException {
    DirectoryListing listing = shared.table().listing(dir);
    RemoteSettings.Lifetimes lifetimes = shared.settings().lifetimes();
    if (listing == null || !shared.ticks().isFresh(listing.asked(), lifetimes.directories())) {
      return null;
    }
    DirectoryListing.Listed entry = listing.find(name);
    if (entry == null) {
      if (!isAbsent(listing.asked()) || !missing(dir, name, listing.asked())) {
        return null;
      }
      if (!shared.ticks().isFresh(listing.asked(), lifetimes.absent().dividedBy(2))) {
        walks.ages(dir, listing);
      }
      return absent(listing.asked());
    }
    if (shared.nodes().isFull()) {
      return null;
    }
    boolean link = AttributeView.typeOf(entry.attributes()) == FileType.SYMLINK;
    if ((link && shared.settings().symlinks().follow())
        || (absence != null && absence.changedTick() > entry.asked().tick())
        || !shared.ticks().isFresh(entry.asked(), lifetimes.attributes())) {
      return null;
    }
    return entries.present(dir, entry);
  }

  private boolean missing(RemoteNode dir, FileName name, Asked asked) {
    return shared.table().missing(dir, name, asked);
  }

  private @Nullable Entry ask(RemoteNode dir, FileName name, Caller caller) throws ErrnoException {
    RemotePath path = shared.table().path(dir, name);
    Asked asked = shared.now();
    CompletableFuture<RemoteAttributes> reply = attributes.stat(path);
    walks.missed(dir);
    shared.wire().settle(reply, caller);
    if (isMissing(reply)) {
      return missing(dir, name, asked) ? absent(asked) : null;
    }
    RemoteAttributes said =
        shared.wire().get(reply, caller, refusal -> explain(refusal, path, caller));
    return arrived(dir, name, said, asked, caller);
  }

  private ErrnoException explain(SftpException refusal, RemotePath path, Caller caller) {
    return shared.refusals().onPath(Operation.LOOKUP, refusal, path, caller);
  }

  /** Whether a reply says that there is nothing. */
  static boolean isMissing(CompletableFuture<?> reply) {
    return reply.state() == CompletableFuture.State.FAILED
        && reply.exceptionNow() instanceof SftpException refusal
        && refusal.status() == SftpStatus.NO_SUCH_FILE;
  }

  private @Nullable Entry arrived(
      RemoteNode dir, FileName name, RemoteAttributes said, Asked asked, Caller caller)
      throws ErrnoException {
    RemoteNode node = shared.table().arrived(dir, name, said, asked);
    if (node == null) {
      return null;
    }
    try {
      AttributeCache.Seen seen = node.attributes().seen();
      Fresh<Attributes> shown;
      if (seen != null && seen.attributes() == said) {
        attributes.notice(node, said);
        shown = attributes.shown(node, said, asked);
      } else {
        shown = attributes.current(node, null, caller);
      }
      return new Entry.Present(node, shown, nameUntil(asked));
    } catch (ErrnoException e) {
      shared.table().forget(node, 1);
      throw e;
    }
  }

  /** The entry of something that we have just made; takes over one reference. */
  Entry.Present made(RemoteNode node, RemoteAttributes said, Asked asked) throws ErrnoException {
    try {
      return new Entry.Present(node, attributes.shown(node, said, asked), nameUntil(asked));
    } catch (ErrnoException e) {
      shared.table().forget(node, 1);
      throw e;
    }
  }
}
