package dev.mooring.fs.remote;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last complete listing of each directory, until the listings that are kept have more entries
 * than memory should hold: then the oldest go. A walk through a large tree lists every directory,
 * and the kernel may hold on to all of them. For one thread at a time.
 */
final class KeptListings {
  static final int MAX_ENTRIES = 200_000;

  private final int maxEntries;
  private final LinkedHashMap<RemoteNode, DirectoryListing> kept = new LinkedHashMap<>();
  private long entries;

  KeptListings(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  @Nullable DirectoryListing of(RemoteNode dir) {
    return kept.get(dir);
  }

  /** Keeps a complete listing instead of the directory's last; the newest always stays. */
  void keep(RemoteNode dir, DirectoryListing complete) {
    DirectoryListing before = kept.remove(dir);
    kept.put(dir, complete);
    // An empty directory takes memory too.
    entries += weight(complete) - (before == null ? 0 : weight(before));
    while (entries > maxEntries && kept.size() > 1) {
      entries -= weight(kept.pollFirstEntry().getValue());
    }
  }

  private static int weight(DirectoryListing complete) {
    return 1 + complete.size();
  }
}
