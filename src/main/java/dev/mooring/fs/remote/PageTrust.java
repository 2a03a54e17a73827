package dev.mooring.fs.remote;

import dev.mooring.sftp.RemoteAttributes;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides at open whether pages that the kernel read earlier may be kept. Times on the wire are
 * whole seconds, so a second change within the second of the first cannot be seen: pages are
 * trusted only if they were read two seconds or more after their (size, mtime) was first seen.
 * Thread-safe.
 */
final class PageTrust {
  private static final long RACY_NANOS = Duration.ofSeconds(2).toNanos();

  private @Nullable Long size;
  private RemoteAttributes.@Nullable Times times;
  private long firstSeenNanos;
  private boolean doubtful;

  /** Some pages were read now. */
  synchronized void pagesRead(long nowNanos) {
    doubtful |= times == null || nowNanos - firstSeenNanos < RACY_NANOS;
  }

  /** We changed the content: which version the pages belong to is not known. */
  synchronized void changedByUs() {
    times = null;
    doubtful = true;
  }

  /**
   * The file is opened and the server shows these attributes.
   *
   * @return whether pages may be kept; when not, the kernel drops them all
   */
  synchronized boolean keepAtOpen(RemoteAttributes seen, long nowNanos) {
    boolean same = times != null && isVersion(seen);
    boolean keep = same && !doubtful;
    if (!same) {
      remember(seen, nowNanos);
    }
    doubtful = false;
    return keep;
  }

  /** Whether the server shows another content than before, which we did not make; once each. */
  synchronized boolean changedByOthers(RemoteAttributes seen, long nowNanos) {
    boolean first = times == null;
    boolean other = !first && !isVersion(seen);
    if (first || other) {
      remember(seen, nowNanos);
      doubtful |= other;
    }
    return other;
  }

  private void remember(RemoteAttributes seen, long nowNanos) {
    size = seen.size();
    times = seen.times();
    firstSeenNanos = nowNanos;
  }

  private boolean isVersion(RemoteAttributes seen) {
    return Objects.equals(size, seen.size())
        && times != null
        && seen.times() != null
        && times.modifiedSeconds() == seen.times().modifiedSeconds();
  }
}
