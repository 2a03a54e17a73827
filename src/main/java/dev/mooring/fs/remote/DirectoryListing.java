package dev.mooring.fs.remote;

import dev.mooring.fs.FileName;
import dev.mooring.sftp.RemoteAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory in the order in which the server told them, growing while replies come
 * in. Thread-safe.
 */
final class DirectoryListing {

  /** One entry. */
  record Listed(FileName name, RemoteAttributes attributes, Asked asked) {}

  private final Asked asked;
  private final List<Listed> entries = new ArrayList<>();
  private final Map<FileName, Integer> places = new HashMap<>();
  private CompletableFuture<Void> more = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean complete;
  private boolean failed;
  private boolean wanted;

  DirectoryListing(Asked asked) {
    this.asked = asked;
  }

  /** That of a directory which has just been made. */
  static DirectoryListing empty(Asked asked) {
    DirectoryListing listing = new DirectoryListing(asked);
    listing.complete();
    return listing;
  }

  /** When the first of it was asked for. */
  Asked asked() {
    return asked;
  }

  /** Entries came in; a name that came before is not taken twice, and none once it has failed. */
  void add(List<Listed> batch) {
    CompletableFuture<Void> wake;
    synchronized (this) {
      if (failed) {
        return;
      }
      for (Listed entry : batch) {
        if (places.putIfAbsent(entry.name(), entries.size()) == null) {
          entries.add(entry);
        }
      }
      wake = more;
      more = new CompletableFuture<>();
    }
    wake.complete(null);
  }

  /** There are no more. */
  void complete() {
    CompletableFuture<Void> wake;
    synchronized (this) {
      complete = true;
      wake = more;
    }
    wake.complete(null);
    ended.complete(null);
  }

  /** It cannot be read to its end. */
  void fail(Throwable cause) {
    CompletableFuture<Void> wake;
    synchronized (this) {
      failed = true;
      wake = more;
    }
    wake.completeExceptionally(cause);
    ended.completeExceptionally(cause);
  }

  /** Ends when it is complete, or as it failed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Somebody reads it: it must not be given up. */
  synchronized void want() {
    wanted = true;
  }

  synchronized boolean isWanted() {
    return wanted;
  }

  /** Done when entry {@code index} is there or will never be. */
  synchronized CompletableFuture<Void> awaiting(int index) {
    return complete || index < entries.size() ? CompletableFuture.completedFuture(null) : more;
  }

  /** Entry {@code index}; null when it is not there (yet). */
  synchronized @Nullable Listed at(int index) {
    return index < entries.size() ? entries.get(index) : null;
  }

  /** The entry of that name. */
  synchronized @Nullable Listed find(FileName name) {
    Integer place = places.get(name);
    return place == null ? null : entries.get(place);
  }

  /** Where in the server's order a name is; -1 when it is not there. */
  synchronized int placeOf(FileName name) {
    return places.getOrDefault(name, -1);
  }

  /** All entries so far, in the server's order. */
  synchronized List<Listed> all() {
    return List.copyOf(entries);
  }

  /** How many entries have come in. */
  synchronized int size() {
    return entries.size();
  }

  synchronized boolean isComplete() {
    return complete;
  }
}
