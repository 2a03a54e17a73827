package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.sftp.Complaints;
import dev.mooring.sftp.RemoteEntry;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one directory into a listing: OPENDIR, then several READDIR at once, and many once a reply
 * shows that the directory is large, then CLOSE, which nobody waits for. Driven by replies on the
 * channel's I/O thread; never waits.
 */
final class ListingReader {
  private static final int MAX_DEPTH = 128;

  /** As many names as OpenSSH puts into one reply. */
  private static final int FULL_REPLY = 100;

  /** How often a listing begins anew because the channel was lost under it. */
  private static final int MAX_RESTARTS = 5;

  private static final int NOT_YET = Integer.MAX_VALUE;

  /** The dot entries, which nobody counts. */
  private static final int DOTS = 2;

  private final SftpClient client;
  private final Ticks ticks;
  private final Complaints complaints;
  private final DirectoryListing listing;
  private final int mostUnasked;
  private final Runnable completed;
  private final boolean oneByOne;
  private final BitSet answered = new BitSet();
  private int depth;
  private int sent;
  private int inFlight;
  private int restarts;

  /** All names that came, those too that came before or cannot be names. */
  private int received;

  /** The first READDIR that found no more entries. */
  private int end = NOT_YET;

  private boolean over;
  private @Nullable Throwable loss;

  /**
   * Prepares to read.
   *
   * @param depth how many READDIR to begin with; 1 stays at one
   * @param mostUnasked with how many entries it is given up as long as nobody wants them
   * @param completed told when the whole listing is there
   */
  ListingReader(
      SftpClient client,
      Ticks ticks,
      Complaints complaints,
      DirectoryListing listing,
      int depth,
      int mostUnasked,
      Runnable completed) {
    this.client = client;
    this.ticks = ticks;
    this.complaints = complaints;
    this.listing = listing;
    this.depth = depth;
    this.mostUnasked = mostUnasked;
    this.completed = completed;
    oneByOne = depth == 1;
  }

  /**
   * Sends OPENDIR. Where the channel is lost on the way, the directory is read again from its
   * beginning: names that have come are not taken twice, and keep their places.
   */
  void start(RemotePath path) {
    client
        .opendir(path)
        .whenComplete((handle, refused) -> {
          if (refused != null) {
            listing.fail(refused);
          } else {
            request(path, handle, depth);
          }
        });
  }

  private void request(RemotePath path, RemoteHandle handle, int count) {
    int first;
    synchronized (this) {
      first = sent;
      sent += count;
      inFlight += count;
    }
    for (int i = 0; i < count; i++) {
      int number = first + i;
      Asked asked = ticks.ask();
      client
          .readdir(handle)
          .whenComplete((names, failed) -> {
            if (names != null && !names.isEmpty()) {
              listing.add(checked(path, names, asked));
            }
            arrived(path, handle, number, names == null ? 0 : names.size(), failed);
          });
    }
  }

  private void arrived(
      RemotePath path, RemoteHandle handle, int number, int names, @Nullable Throwable failed) {
    boolean isOver;
    boolean again;
    boolean last;
    int next;
    Throwable reason;
    synchronized (this) {
      inFlight--;
      received += names;
      answered.set(number);
      end = names == 0 ? Math.min(end, number) : end;
      loss = loss == null && failed != null && SftpClient.isLost(failed) ? failed : loss;
      boolean broken = failed != null && !isEnd(failed);
      isOver = !over && loss == null && (broken || answered.nextClearBit(0) > end || isTooLarge());
      next = end == NOT_YET && !over && !isOver && loss == null ? wanted(names) : 0;
      last = inFlight == 0 && next == 0;
      reason = loss == null ? failed : loss;
      again = last && loss != null && !over && mayRestart();
      isOver |= last && loss != null && !over && !again;
      over |= isOver;
    }
    // Replies to READDIR that were one too many need not be waited for.
    if (isOver) {
      conclude(path, reason);
    }
    if (next > 0) {
      request(path, handle, next);
    } else if (last) {
      client.close(handle);
    }
    if (again) {
      start(path);
    }
  }

  private synchronized boolean mayRestart() {
    if (++restarts > MAX_RESTARTS) {
      return false;
    }
    sent = 0;
    received = 0;
    answered.clear();
    end = NOT_YET;
    loss = null;
    return true;
  }

  /** Names that are repeated count too: a server may repeat them for ever. */
  private synchronized boolean isTooLarge() {
    int most = listing.isWanted() ? RemoteSettings.MAX_LISTED : mostUnasked;
    return Math.max(listing.size(), received - DOTS) > most;
  }

  /** How many READDIR more are worth sending after a reply with so many names. */
  private int wanted(int names) {
    if (oneByOne) {
      return 1;
    }
    if (names >= FULL_REPLY) {
      depth = MAX_DEPTH;
    } else if (inFlight == 0) {
      depth = Math.min(MAX_DEPTH, 2 * depth);
    } else {
      return 0;
    }
    return depth - inFlight;
  }

  private static boolean isEnd(Throwable failed) {
    return failed instanceof SftpException refusal && refusal.status() == SftpStatus.EOF;
  }

  private void conclude(RemotePath path, @Nullable Throwable failed) {
    if (failed != null && !isEnd(failed)) {
      listing.fail(failed);
    } else if (isTooLarge()) {
      tooLarge(path);
    } else {
      listing.complete();
      completed.run();
    }
  }

  private void tooLarge(RemotePath path) {
    String reason =
        "more than %d entries, %d names among them"
            .formatted(RemoteSettings.MAX_LISTED, listing.size());
    if (listing.isWanted()) {
      complaints.warn(
          Complaints.Kind.LISTING,
          "the listing of %s has %s: reading it fails with ENOMEM".formatted(path, reason));
    }
    listing.fail(new ErrnoException(Errno.ENOMEM, reason));
  }

  /** Leaves out the dot entries and whatever could never be a name. */
  private List<DirectoryListing.Listed> checked(
      RemotePath path, List<RemoteEntry> names, Asked asked) {
    List<DirectoryListing.Listed> entries = new ArrayList<>(names.size());
    for (RemoteEntry entry : names) {
      if (!isDots(entry.name())) {
        try {
          FileName name = FileName.of(entry.name().duplicate());
          entries.add(new DirectoryListing.Listed(name, entry.attributes(), asked));
        } catch (ErrnoException unusable) {
          complaints.warn(
              Complaints.Kind.NAME,
              "the listing of %s has a name that cannot be one, left out: %s"
                  .formatted(path, unusable.getMessage()));
        }
      }
    }
    return entries;
  }

  private static boolean isDots(ByteBuffer name) {
    int length = name.remaining();
    return (length == 1 || length == 2)
        && name.get(name.position()) == '.'
        && name.get(name.limit() - 1) == '.';
  }
}
