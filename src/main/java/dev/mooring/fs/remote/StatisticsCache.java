package dev.mooring.fs.remote;

import dev.mooring.fs.Caller;
import dev.mooring.fs.ErrnoException;
import dev.mooring.fs.FileName;
import dev.mooring.fs.Fresh;
import dev.mooring.fs.Statistics;
import dev.mooring.sftp.Extension;
import dev.mooring.sftp.RemoteStatistics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** statfs: asked at most every few seconds; made up where the server cannot say. */
final class StatisticsCache {
  private static final int BLOCK = 4096;

  /** One tebibyte, all of it free: what programs that check for room before writing need. */
  private static final long BLOCKS = (1L << 40) / BLOCK;

  private final Shared shared;
  private final AtomicReference<@Nullable Fresh<Statistics>> last = new AtomicReference<>();

  StatisticsCache(Shared shared) {
    this.shared = shared;
  }

  Fresh<Statistics> statfs(Caller caller) throws ErrnoException {
    Fresh<Statistics> known = last.get();
    if (known != null && known.remainingNanos(shared.pace().nanoTime()) > 0) {
      return known;
    }
    Duration lifetime = shared.settings().lifetimes().statistics();
    if (!shared.client().extensions().contains(Extension.STATVFS)) {
      return new Fresh<>(unknown(), Ticks.until(shared.now(), lifetime));
    }
    caller.beforeWaiting();
    Asked asked = shared.now();
    RemoteStatistics said =
        shared
            .wire()
            .get(Operation.STATFS, shared.client().statvfs(shared.settings().root()), caller);
    Fresh<Statistics> fresh = new Fresh<>(shown(said), Ticks.until(asked, lifetime));
    last.set(fresh);
    return fresh;
  }

  private static Statistics unknown() {
    return new Statistics(BLOCK, BLOCKS, BLOCKS, BLOCKS, BLOCKS, BLOCKS, FileName.MAX_BYTES, false);
  }

  private static Statistics shown(RemoteStatistics said) {
    long unit = said.fragmentSize() > 0 ? said.fragmentSize() : said.blockSize();
    return new Statistics(
        unit > 0 ? unit : BLOCK,
        said.blocks(),
        said.freeBlocks(),
        said.availableBlocks(),
        said.files(),
        said.availableFiles(),
        Math.clamp(said.maxNameBytes(), 1, FileName.MAX_BYTES),
        (said.flags() & RemoteStatistics.READ_ONLY) != 0);
  }
}
