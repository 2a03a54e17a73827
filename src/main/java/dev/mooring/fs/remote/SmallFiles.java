package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileType;
import dev.mooring.fs.OpenFlags;
import dev.mooring.sftp.OpenMode;
import dev.mooring.sftp.RemoteAttributes;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens small files, and reads them, before they are asked for, where a directory is read file by
 * file. What was opened so within the last second counts as revalidated; nobody sees what failed.
 *
 * <p>Nothing here waits; nothing is sent under the lock.
 */
final class SmallFiles {
  /** Up to that size a file is worth reading before anybody wants it. */
  static final int SMALL_BYTES = 128 * 1024;

  private static final Duration LIFETIME = Duration.ofSeconds(1);
  private static final int FIRST_WINDOW = 8;
  private static final int MOST_AHEAD = 128;

  private final Shared shared;
  private final NodeAttributes attributes;
  private final Walks walks;
  private final Allowance allowance;
  private final ReadingOrder order;
  private final SmallBuffers buffers;

  @GuardedBy("this")
  private final LinkedHashMap<RemoteNode, Opening> openings = new LinkedHashMap<>();

  @GuardedBy("this")
  private int window = FIRST_WINDOW;

  @GuardedBy("this")
  private @Nullable RemoteNode lastFile;

  @GuardedBy("this")
  private int inARow;

  @GuardedBy("this")
  private long lastNanos = Long.MIN_VALUE / 2;

  @GuardedBy("this")
  private boolean sweeping;

  @GuardedBy("this")
  private boolean closed;

  SmallFiles(
      Shared shared,
      NodeAttributes attributes,
      ListedEntries entries,
      Walks walks,
      Allowance allowance) {
    this.shared = shared;
    this.walks = walks;
    this.attributes = attributes;
    this.allowance = allowance;
    order = new ReadingOrder(shared, entries);
    buffers = new SmallBuffers(shared.source().pool());
  }

  /** A file that was opened, as the server described it, and its content on the way. */
  record Opened(ServerFile file, RemoteAttributes said, Asked asked, @Nullable ReadPart content) {
    /** Whether the content need not be waited for. */
    boolean isComplete() {
      return content == null || content.done().isDone();
    }
  }

  /** One that is being opened, or was, for whoever may want it. */
  private static final class Opening {
    final Asked asked;
    final long version;
    final CompletableFuture<Opened> opened = new CompletableFuture<>();
    boolean used;

    Opening(Asked asked, long version) {
      this.asked = asked;
      this.version = version;
    }
  }

  /** The most that an answer of ours may be old; zero turns all of this off. */
  private Duration lifetime() {
    Duration open = shared.settings().lifetimes().openAttributes();
    return open.compareTo(LIFETIME) < 0 ? open : LIFETIME;
  }

  /** What was opened ahead of a file and still counts, or will; null when there is nothing. */
  @Nullable CompletableFuture<Opened> openedAhead(RemoteNode node) {
    synchronized (this) {
      Opening opening = openings.get(node);
      return opening != null && isGood(node, opening) ? opening.opened : null;
    }
  }

  private boolean isGood(RemoteNode node, Opening opening) {
    return shared.ticks().isFresh(opening.asked, lifetime())
        && node.contentVersion() == opening.version
        && node.attributes().changedTick() <= opening.asked.tick()
        && !node.isBusy();
  }

  /**
   * Uses what was opened ahead: file and content are held once more for the caller. Null when it is
   * of no use any more.
   */
  synchronized @Nullable Opened use(RemoteNode node) {
    Opening opening = openings.get(node);
    if (opening == null
        || !isGood(node, opening)
        || opening.opened.state() != CompletableFuture.State.SUCCESS) {
      return null;
    }
    Opened opened = opening.opened.resultNow();
    if (!opened.file().handle().isLive() || !opened.file().tryUse()) {
      return null;
    }
    if (opened.content() != null) {
      opened.content().hold();
    }
    opening.used = true;
    return opened;
  }

  /**
   * Somebody opens a file for reading; to be called behind what is sent for that.
   *
   * @param stalled whether it has to wait for the server
   */
  void opening(RemoteNode node, boolean stalled) {
    RemoteNode before;
    int most;
    synchronized (this) {
      before = lastFile;
      boolean goesOn = shared.pace().nanoTime() - lastNanos < LIFETIME.toNanos();
      if (!goesOn) {
        inARow = 0;
        window = FIRST_WINDOW;
      }
      inARow += before != node ? 1 : 0;
      lastFile = node;
      lastNanos = shared.pace().nanoTime();
      if (stalled && inARow > 2) {
        // Who comes too early wants more; who wants something else was not understood.
        int wanted = openings.containsKey(node) ? 2 * window : window / 2;
        window = Math.clamp(wanted, FIRST_WINDOW, MOST_AHEAD);
      }
      most = inARow >= 2 && !lifetime().isZero() ? window : 0;
    }
    RemoteNode dir = shared.table().parent(node);
    if (most > 0 && dir != null) {
      walks.readsFiles(dir);
      List<RemoteNode> next = order.after(node, before, most);
      Set<RemoteNode> wanted = Set.copyOf(next);
      next.forEach(file -> open(file, wanted));
      next.forEach(file -> shared.table().forget(file, 1));
    }
  }

  /** Whether small files are being read one after the other. */
  private synchronized boolean isReading() {
    return inARow >= 2 && shared.pace().nanoTime() - lastNanos < LIFETIME.toNanos();
  }

  /** Opens a file unless that has been done; {@code wanted} are those that must stay. */
  private void open(RemoteNode node, Set<RemoteNode> wanted) {
    Opening opening = new Opening(shared.now(), node.contentVersion());
    if (node.isOpen() || node.isBusy() || !put(node, opening, wanted)) {
      return;
    }
    RemotePath path;
    try {
      path = shared.table().path(node);
    } catch (ErrnoException gone) {
      opening.opened.completeExceptionally(gone);
      return;
    }
    CompletableFuture<RemoteHandle> handle =
        shared.client().open(path, OpenMode.READ, RemoteAttributes.NONE);
    CompletableFuture<RemoteAttributes> seen = attributes.stat(path);
    handle
        .thenCombine(seen, (opened, said) -> opened(node, path, opening, opened, said))
        .whenComplete((opened, failed) -> conclude(opening, handle, opened, failed));
  }

  private Opened opened(
      RemoteNode node,
      RemotePath path,
      Opening opening,
      RemoteHandle handle,
      RemoteAttributes said) {
    if (shared.hasMoved(node, path)) {
      throw new IllegalStateException(node + " was renamed meanwhile: this may be another file");
    }
    Long size = said.size();
    if (AttributeView.typeOf(said) != FileType.REGULAR || size == null || size > SMALL_BYTES) {
      throw new IllegalStateException(node + " is not a small file any more");
    }
    if (node.attributes().learn(said, opening.asked)) {
      attributes.notice(node, said);
    }
    ServerFile file = new ServerFile(node, OpenFlags.READ, handle, shared.reopening());
    return new Opened(file, said, opening.asked, content(file, size, opening.version));
  }

  private @Nullable ReadPart content(ServerFile file, long size, long version) {
    SharedBuffer buffer = size == 0 ? null : buffers.take((int) size);
    if (buffer == null) {
      return null;
    }
    int maxRead = shared.source().maxRead(shared.settings().transfer().maxReadBytes());
    ReadPart part = new ReadPart(0, (int) size, maxRead, version, size, buffer);
    part.start(shared.client(), file.handle(), shared.ticks());
    return part;
  }

  private void conclude(
      Opening opening,
      CompletableFuture<RemoteHandle> handle,
      @Nullable Opened opened,
      @Nullable Throwable failed) {
    if (opened == null || failed != null) {
      handle.thenAccept(unused -> shared.client().close(unused));
      opening.opened.completeExceptionally(
          failed == null ? new IllegalStateException("nothing was opened") : failed);
    } else {
      opening.opened.complete(opened);
    }
  }

  /**
   * Keeps what a caller has just opened for whoever opens it next, where small files are being read
   * one after the other; answers the content, which is on its way then, held for the caller.
   */
  @Nullable ReadPart keep(Opened opened, long version) {
    RemoteNode node = opened.file().node();
    Long size = opened.said().size();
    if (!isReading() || size == null || size > SMALL_BYTES || lifetime().isZero()) {
      return null;
    }
    Opening opening = new Opening(opened.asked(), version);
    if (!put(node, opening, Set.of())) {
      return null;
    }
    ReadPart content = content(opened.file(), size, version);
    opened.file().use();
    if (content != null) {
      content.hold();
    }
    opening.opened.complete(new Opened(opened.file(), opened.said(), opened.asked(), content));
    return content;
  }

  /** Remembers one, where there is no room in place of another that is not wanted; false if not. */
  private boolean put(RemoteNode node, Opening opening, Set<RemoteNode> wanted) {
    Opening used = null;
    Opening outdated;
    synchronized (this) {
      if (closed) {
        return false;
      }
      Opening known = openings.get(node);
      if (known != null && isGood(node, known)) {
        return false;
      }
      boolean full = openings.size() >= MOST_AHEAD || !allowance.take();
      if (full) {
        RemoteNode over = leastWanted(wanted);
        used = over == null ? null : openings.remove(over);
      }
      // The place of the one that goes is taken over with what it was allowed.
      if (full && used == null) {
        return false;
      }
      outdated = openings.remove(node);
      openings.put(node, opening);
      startSweeping();
    }
    if (used != null) {
      close(used);
    }
    if (outdated != null) {
      end(List.of(outdated));
    }
    return true;
  }

  @GuardedBy("this")
  private @Nullable RemoteNode leastWanted(Set<RemoteNode> wanted) {
    RemoteNode other = null;
    for (Map.Entry<RemoteNode, Opening> entry : openings.entrySet()) {
      if (entry.getValue().used) {
        return entry.getKey();
      }
      if (other == null && !wanted.contains(entry.getKey())) {
        other = entry.getKey();
      }
    }
    return other;
  }

  @GuardedBy("this")
  private void startSweeping() {
    if (!sweeping) {
      sweeping = true;
      shared.pace().schedule(LIFETIME, this::sweep);
    }
  }

  /** Closes what nobody has wanted for a second. */
  private void sweep() {
    List<RemoteNode> old = new ArrayList<>();
    List<Opening> over = new ArrayList<>();
    synchronized (this) {
      openings.forEach((node, opening) -> {
        if (!shared.ticks().isFresh(opening.asked, lifetime())) {
          old.add(node);
          over.add(opening);
        }
      });
      old.forEach(openings::remove);
      sweeping = false;
      if (!openings.isEmpty()) {
        startSweeping();
      }
    }
    end(over);
  }

  private void end(List<Opening> over) {
    over.forEach(opening -> {
      allowance.giveBack();
      close(opening);
    });
  }

  /** Closes all of it, and opens no more. */
  void close() {
    List<Opening> all;
    synchronized (this) {
      all = List.copyOf(openings.values());
      openings.clear();
      window = 0;
      closed = true;
    }
    end(all);
    buffers.close();
  }

  private static void close(Opening opening) {
    opening.opened.thenAccept(opened -> {
      if (opened.content() != null) {
        opened.content().release();
      }
      opened.file().letGo();
    });
  }
}
