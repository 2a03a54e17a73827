package dev.mooring.fs.remote;

import dev.mooring.fs.TargetBytes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the links point that were made through this mount. To show such a target tells nobody
 * anything new: whoever made the link could have gone there all the same, while a target that only
 * the server knows of would lead its readers on. For the mount's life, up to a bound. Thread-safe.
 */
final class OwnLinks {
  private static final int MAX = 10_000;

  private final Map<Long, TargetBytes> targets =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TargetBytes> eldest) {
          return size() > MAX;
        }
      };

  /** A caller of ours has made this link. */
  synchronized void made(RemoteNode link, TargetBytes target) {
    targets.put(link.inode(), target);
  }

  /** Whether this is what a caller of ours has made the link point to. */
  synchronized boolean isOurs(RemoteNode link, TargetBytes target) {
    TargetBytes made = targets.get(link.inode());
    return made != null && made.equals(target);
  }
}
