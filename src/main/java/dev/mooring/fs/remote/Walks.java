package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Entry;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists directories before they are asked for, where somebody walks through a tree: a second child
 * of a directory is entered, or one that is read lies in one that has just been read. A second name
 * that has to be looked up in one directory is reason enough to list that one.
 *
 * <p>What it finds is a listing like any other, believed from when it was asked for. What fails is
 * seen by nobody. Nothing here waits; nothing is sent under the lock.
 */
final class Walks {
  /** How long a step belongs to the same walk as the one before. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  /** How soon after the directory above one must be read to be taken for a walk. */
  private static final long CHAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private static final int MOST_TRACES = 4096;
  private static final int MOST_LISTINGS = 64;
  private static final int FIRST_WINDOW = 96;
  private static final int LEAST_WINDOW = 4;

  /** How many children are listed of a directory that nobody has entered yet. */
  private static final int MOST_UNSEEN = 16;

  private static final int MOST_AHEAD = 256;

  /** Nobody knows how large an unknown directory is; beyond that it is given up. */
  private static final int MOST_ENTRIES = 2000;

  /** How many entries of a listing are worth one question. */
  private static final int ENTRIES_PER_MISS = 200;

  private final Shared shared;
  private final ListedEntries entries;
  private final Allowance allowance;

  /** What is remembered of one directory. */
  private static final class Trace {
    int misses;
    long missNanos;
    int size = -1;
    long readNanos = Long.MIN_VALUE / 2;
    @Nullable RemoteNode lastChild;
    int children;
    long childNanos = Long.MIN_VALUE / 2;

    boolean walked;

    /** Whether below the children it goes on. */
    boolean deep;

    @Nullable DirectoryListing underWay;
    @Nullable DirectoryListing source;
    List<DirectoryListing.Listed> directories = List.of();
  }

  @GuardedBy("this")
  private final LinkedHashMap<RemoteNode, Trace> traces = new LinkedHashMap<>();

  /** What was listed ahead and has not been entered, and when. */
  @GuardedBy("this")
  private final LinkedHashMap<RemoteNode, Long> ahead = new LinkedHashMap<>();

  /** Directories whose children are to be listed when there is room. */
  @GuardedBy("this")
  private final LinkedHashSet<RemoteNode> waiting = new LinkedHashSet<>();

  @GuardedBy("this")
  private int listings;

  @GuardedBy("this")
  private int window = FIRST_WINDOW;

  private volatile @Nullable RemoteNode lastEntered;

  Walks(Shared shared, ListedEntries entries, Allowance allowance) {
    this.shared = shared;
    this.entries = entries;
    this.allowance = allowance;
  }

  private boolean isOff() {
    return shared.settings().lifetimes().directories().isZero();
  }

  private long now() {
    return shared.pace().nanoTime();
  }

  @GuardedBy("this")
  private Trace trace(RemoteNode dir) {
    Trace known = traces.get(dir);
    if (known == null) {
      known = new Trace();
      traces.put(dir, known);
      if (traces.size() > MOST_TRACES) {
        traces.pollFirstEntry();
      }
    }
    return known;
  }

  /** A name of the directory had to be asked for, because no listing told. */
  void missed(RemoteNode dir) {
    if (isOff()) {
      return;
    }
    DirectoryListing last = shared.table().listing(dir);
    RemoteNode parent = shared.table().parent(dir);
    boolean belowListed = parent != null && isListed(parent);
    boolean worth;
    int most;
    synchronized (this) {
      Trace trace = trace(dir);
      trace.misses = now() - trace.missNanos > PAUSE_NANOS ? 1 : trace.misses + 1;
      trace.missNanos = now();
      int size = last == null ? trace.size : last.size();
      int needed = size < 0 ? (belowListed ? 1 : 2) : Math.max(1, size / ENTRIES_PER_MISS);
      worth = trace.misses >= needed;
      most = Math.max(MOST_ENTRIES, trace.misses * ENTRIES_PER_MISS);
    }
    if (worth) {
      list(dir, most, false);
    }
  }

  /** Whether it was worth listing lately. */
  private boolean isListed(RemoteNode dir) {
    DirectoryListing known = shared.table().listing(dir);
    return (known != null && isFresh(known)) || underWay(dir) != null;
  }

  /** A listing that is about to be too old has answered; a small one is worth having anew. */
  void ages(RemoteNode dir, DirectoryListing listing) {
    if (listing.size() <= ENTRIES_PER_MISS) {
      list(dir, MOST_ENTRIES, false);
    }
  }

  /** The listing of a directory that is on its way unasked and shows all own changes, if any. */
  @Nullable DirectoryListing underWay(RemoteNode dir) {
    DirectoryListing listing;
    synchronized (this) {
      Trace known = traces.get(dir);
      listing = known == null ? null : known.underWay;
    }
    return listing != null && shared.table().showsNamesOfNow(dir, listing) ? listing : null;
  }

  /** A directory is opened and read. */
  void read(RemoteNode dir) {
    synchronized (this) {
      trace(dir).readNanos = now();
    }
    enter(dir, true);
  }

  /** A name is looked up in a directory. */
  void entered(RemoteNode dir) {
    if (dir != lastEntered) {
      enter(dir, false);
    }
  }

  /** Small files of a directory are read one after the other; those below it may be next. */
  void readsFiles(RemoteNode dir) {
    synchronized (this) {
      trace(dir).walked = true;
      trace(dir).childNanos = now();
    }
    goAhead(dir);
  }

  private void enter(RemoteNode dir, boolean reading) {
    lastEntered = dir;
    RemoteNode parent = shared.table().parent(dir);
    if (parent == null || isOff()) {
      return;
    }
    RemoteNode above = shared.table().parent(parent);
    boolean deepNow = false;
    synchronized (this) {
      if (ahead.remove(dir) != null) {
        window = Math.min(MOST_AHEAD, window + 2);
      }
      boolean goesOn = above != null && isWalked(above);
      Trace trace = trace(parent);
      if (!isWalk(trace, dir, reading) && !goesOn) {
        return;
      }
      trace.walked = true;
      if (above != null) {
        deepNow = !trace(above).deep;
        trace(above).deep = true;
      }
    }
    goAhead(parent);
    if (deepNow && above != null) {
      deepen(above);
      goAhead(above);
    }
  }

  @GuardedBy("this")
  private boolean isWalk(Trace parent, RemoteNode dir, boolean reading) {
    long now = now();
    if (now - parent.childNanos > PAUSE_NANOS) {
      parent.children = 0;
      parent.deep = false;
      parent.walked = false;
      parent.lastChild = null;
    }
    if (parent.lastChild != dir) {
      parent.children++;
      parent.lastChild = dir;
    }
    parent.childNanos = now;
    parent.walked |= parent.children >= 2 || (reading && now - parent.readNanos < CHAIN_NANOS);
    return parent.walked;
  }

  /** Lists the children of a directory that is walked, those next in order first. */
  private void goAhead(RemoteNode parent) {
    DirectoryListing listing = shared.table().listing(parent);
    if (listing == null || !isFresh(listing)) {
      list(parent, MOST_ENTRIES, false);
      return;
    }
    int most = isWalked(parent) ? Integer.MAX_VALUE : MOST_UNSEEN;
    for (DirectoryListing.Listed entry : nextIn(parent, listing)) {
      if (most-- <= 0) {
        return;
      }
      if (!mayStart() || !start(parent, entry)) {
        later(parent);
        return;
      }
    }
  }

  private synchronized void later(RemoteNode dir) {
    if (waiting.size() < MOST_LISTINGS) {
      waiting.add(dir);
    }
  }

  private synchronized boolean mayStart() {
    long old = now() - PAUSE_NANOS;
    while (!ahead.isEmpty() && ahead.firstEntry().getValue() - old < 0) {
      ahead.pollFirstEntry();
      window = Math.max(LEAST_WINDOW, window - 1);
    }
    return listings < MOST_LISTINGS && ahead.size() < window;
  }

  /** False when no more can be started. */
  private boolean start(RemoteNode parent, DirectoryListing.Listed entry) {
    Entry.Present child;
    try {
      child = entries.present(parent, entry);
    } catch (ErrnoException unusable) {
      return true;
    }
    if (child == null) {
      return true;
    }
    RemoteNode dir = (RemoteNode) child.node();
    DirectoryListing known = shared.table().listing(dir);
    boolean wanted =
        dir.type() == FileType.DIRECTORY
            && (known == null || !isFresh(known))
            && underWay(dir) == null;
    boolean started = !wanted || list(dir, MOST_ENTRIES, true);
    shared.table().forget(dir, 1);
    return started;
  }

  private boolean isFresh(DirectoryListing listing) {
    return shared.ticks().isFresh(listing.asked(), shared.settings().lifetimes().directories());
  }

  /** The directories in a listing, in order, from behind the last that was entered. */
  private List<DirectoryListing.Listed> nextIn(RemoteNode parent, DirectoryListing listing) {
    List<DirectoryListing.Listed> directories;
    RemoteNode last;
    synchronized (this) {
      Trace trace = trace(parent);
      if (trace.source != listing) {
        trace.source = listing;
        trace.directories =
            listing.all().stream()
                .filter(entry -> AttributeView.typeOf(entry.attributes()) == FileType.DIRECTORY)
                .toList();
      }
      directories = trace.directories;
      last = trace.lastChild;
    }
    int from = 0;
    for (int i = 0; last != null && i < directories.size(); i++) {
      if (Objects.equals(directories.get(i).name(), last.place().name())) {
        from = i + 1;
        break;
      }
    }
    List<DirectoryListing.Listed> next =
        new ArrayList<>(directories.subList(from, directories.size()));
    next.addAll(directories.subList(0, from));
    return next;
  }

  /** Lists a directory unless that is under way; false when no more can be started. */
  private boolean list(RemoteNode dir, int most, boolean isAhead) {
    DirectoryListing listing = new DirectoryListing(shared.now());
    synchronized (this) {
      Trace trace = trace(dir);
      if (trace.underWay != null) {
        return true;
      }
      if ((isAhead && listings >= MOST_LISTINGS) || !allowance.take()) {
        return false;
      }
      listings++;
      trace.underWay = listing;
      trace.misses = 0;
      if (isAhead) {
        ahead.put(dir, now());
      }
    }
    try {
      Listings.read(shared, dir, listing, most);
    } catch (ErrnoException nameless) {
      listing.fail(nameless);
    }
    listing.ended().whenComplete((_, failed) -> ended(dir, listing, failed == null));
    return true;
  }

  private void ended(RemoteNode dir, DirectoryListing listing, boolean complete) {
    boolean deeper;
    RemoteNode parent = shared.table().parent(dir);
    synchronized (this) {
      allowance.giveBack();
      listings--;
      Trace trace = trace(dir);
      trace.underWay = null;
      trace.size = listing.size();
      Trace above = parent == null ? null : traces.get(parent);
      deeper = above != null && above.deep && complete;
      trace.deep |= deeper;
    }
    if (complete && (deeper || isWalked(dir))) {
      goAhead(dir);
    }
    RemoteNode next;
    synchronized (this) {
      next = waiting.isEmpty() ? null : waiting.removeFirst();
    }
    if (next != null) {
      goAhead(next);
    }
  }

  private synchronized boolean isWalked(RemoteNode dir) {
    Trace trace = traces.get(dir);
    return trace != null && trace.walked && now() - trace.childNanos < PAUSE_NANOS;
  }

  /** It has turned out that the walk goes below the children of a directory. */
  private void deepen(RemoteNode dir) {
    List<RemoteNode> listed;
    synchronized (this) {
      listed = List.copyOf(ahead.keySet());
    }
    for (RemoteNode child : listed) {
      DirectoryListing known = shared.table().listing(child);
      if (shared.table().parent(child) == dir && known != null && isFresh(known)) {
        goAhead(child);
      }
    }
  }
}
