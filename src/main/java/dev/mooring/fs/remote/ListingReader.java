package dev.mooring.fs.remote;

import dev.mooring.fs.Errno;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.sftp.RemoteEntry;
import dev.mooring.sftp.RemoteHandle;
import dev.mooring.sftp.RemotePath;
import dev.mooring.sftp.SftpClient;
import dev.mooring.sftp.SftpException;
import dev.mooring.sftp.SftpStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one directory into a listing: OPENDIR, then several READDIR at once, more with each reply,
 * then CLOSE, which nobody waits for. Driven by replies on the channel's I/O thread; never waits.
 */
final class ListingReader {
  private static final Logger LOG = LoggerFactory.getLogger(ListingReader.class);
  private static final int MAX_DEPTH = 64;

  /** How often a listing begins anew because the channel was lost under it. */
  private static final int MAX_RESTARTS = 5;

  private final SftpClient client;
  private final Ticks ticks;
  private final DirectoryListing listing;
  private final Runnable completed;
  private int depth;
  private int inFlight;
  private int restarts;
  private boolean ended;
  private @Nullable Throwable failure;

  /**
   * Prepares to read.
   *
   * @param depth how many READDIR to begin with; 1 stays at one
   * @param completed told when the whole listing is there
   */
  ListingReader(
      SftpClient client, Ticks ticks, DirectoryListing listing, int depth, Runnable completed) {
    this.client = client;
    this.ticks = ticks;
    this.listing = listing;
    this.depth = depth;
    this.completed = completed;
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
    synchronized (this) {
      inFlight += count;
    }
    for (int i = 0; i < count; i++) {
      Asked asked = ticks.ask();
      client
          .readdir(handle)
          .whenComplete((names, failed) -> arrived(path, handle, names, failed, asked));
    }
  }

  private void arrived(
      RemotePath path,
      RemoteHandle handle,
      @Nullable List<RemoteEntry> names,
      @Nullable Throwable failed,
      Asked asked) {
    if (names != null && !names.isEmpty()) {
      listing.add(checked(names, asked));
    }
    int next = 0;
    boolean last;
    synchronized (this) {
      inFlight--;
      ended |= failed != null || names == null || names.isEmpty();
      if (failed != null && !isEnd(failed)) {
        failure = failed;
      }
      if (listing.size() > RemoteSettings.MAX_LISTED) {
        ended = true;
        failure =
            new ErrnoException(
                Errno.ENOMEM, "more than %d entries".formatted(RemoteSettings.MAX_LISTED));
      }
      if (!ended) {
        int wider = depth == 1 ? 1 : Math.min(MAX_DEPTH, depth + 1);
        next = wider - inFlight;
        depth = wider;
      }
      last = inFlight == 0 && ended;
    }
    if (next > 0) {
      request(path, handle, next);
    } else if (last) {
      finish(path, handle);
    }
  }

  private static boolean isEnd(Throwable failed) {
    return failed instanceof SftpException refusal && refusal.status() == SftpStatus.EOF;
  }

  private void finish(RemotePath path, RemoteHandle handle) {
    client.close(handle);
    Throwable failed;
    synchronized (this) {
      failed = failure;
    }
    if (failed != null && SftpClient.isLost(failed) && mayRestart()) {
      start(path);
    } else if (failed != null) {
      listing.fail(failed);
    } else {
      listing.complete();
      completed.run();
    }
  }

  private synchronized boolean mayRestart() {
    ended = false;
    failure = null;
    return ++restarts <= MAX_RESTARTS;
  }

  /** Leaves out the dot entries and whatever could never be a name. */
  private static List<DirectoryListing.Listed> checked(List<RemoteEntry> names, Asked asked) {
    List<DirectoryListing.Listed> entries = new ArrayList<>(names.size());
    for (RemoteEntry entry : names) {
      if (!isDots(entry.name())) {
        try {
          FileName name = FileName.of(entry.name().duplicate());
          entries.add(new DirectoryListing.Listed(name, entry.attributes(), asked));
        } catch (ErrnoException unusable) {
          LOG.warn("The server listed a name that cannot be one; left out: {}", unusable.errno());
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
