package dev.mooring.fs.remote;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last complete listing of each directory, until the listings that are kept have more entries
 * than memory should hold: then the oldest go. A walk through a large tree lists every directory,
 * and the kernel may hold on to all of them. Where the heap runs out before that, because there are
 * many mounts, the collector takes those that were not used for longest. For one thread at a time.
 */
final class KeptListings {
  static final int MAX_ENTRIES = 200_000;

  private final int maxEntries;
  private final LinkedHashMap<RemoteNode, Kept> kept = new LinkedHashMap<>();
  private long entries;

  /** A listing that may be gone, and what it was counted as. */
  private record Kept(SoftReference<DirectoryListing> listing, int weight) {}

  KeptListings(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  @Nullable DirectoryListing of(RemoteNode dir) {
    Kept known = kept.get(dir);
    return known == null ? null : known.listing().get();
  }

  /** The directory has no name any more. */
  void drop(RemoteNode dir) {
    Kept before = kept.remove(dir);
    entries -= before == null ? 0 : before.weight();
  }

  /** Keeps a complete listing instead of the directory's last; the newest always stays. */
  void keep(RemoteNode dir, DirectoryListing complete) {
    Kept before = kept.remove(dir);
    // An empty directory takes memory too.
    Kept now = new Kept(new SoftReference<>(complete), 1 + complete.size());
    kept.put(dir, now);
    entries += now.weight() - (before == null ? 0 : before.weight());
    while (entries > maxEntries && kept.size() > 1) {
      entries -= kept.pollFirstEntry().getValue().weight();
    }
  }
}
