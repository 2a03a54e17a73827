package dev.mooring.fs.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.mooring.fs.Pace;
import dev.mooring.sftp.RemotePath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Owners that were wanted and that the server refused, by path, so that they outlast the mount. The
 * names of this map's keys are bytes, one character each. Thread-safe; nothing here waits.
 */
public final class RememberedOwners {
  /** What is remembered of one file; null is the server's word. */
  public record Wanted(@Nullable Integer uid, @Nullable Integer gid) {}

  /** Where they are kept. */
  @FunctionalInterface
  public interface Store {
    /** Keeps all of them instead of what was kept before; called in the background. */
    void keep(Map<String, Wanted> all);
  }

  /** Nothing is remembered. */
  public static final RememberedOwners NONE = new RememberedOwners();

  private static final Duration SAVING = Duration.ofSeconds(1);
  private static final int MAX = 100_000;

  private final @Nullable Pace pace;
  private final Store store;
  private final NavigableMap<String, Wanted> owners = new ConcurrentSkipListMap<>();

  @GuardedBy("this")
  private boolean saving;

  private RememberedOwners() {
    pace = null;
    store = _ -> {};
  }

  /**
   * Those that were kept.
   *
   * @param store is told of changes, a second later and all together
   */
  public RememberedOwners(Map<String, Wanted> kept, Pace pace, Store store) {
    this.pace = pace;
    this.store = store;
    owners.putAll(kept);
  }

  private static String key(RemotePath path) {
    return StandardCharsets.ISO_8859_1.decode(path.bytes()).toString();
  }

  boolean isEmpty() {
    return owners.isEmpty();
  }

  @Nullable Wanted of(RemotePath path) {
    return owners.get(key(path));
  }

  /** The server has refused this owner. */
  void refused(RemotePath path, Wanted wanted) {
    if (pace != null && owners.size() < MAX) {
      owners.put(key(path), wanted);
      changed();
    }
  }

  /** The server has an owner of its own for it. */
  void accepted(RemotePath path) {
    if (owners.remove(key(path)) != null) {
      changed();
    }
  }

  /** It is gone, with all below it. */
  void gone(RemotePath path) {
    Map<String, Wanted> below = below(key(path));
    if (!below.isEmpty()) {
      below.clear();
      changed();
    }
    accepted(path);
  }

  /** It has another name; what had that is gone. */
  void moved(RemotePath from, RemotePath to) {
    if (owners.isEmpty()) {
      return;
    }
    String old = key(from);
    Map<String, Wanted> moving = new TreeMap<>(below(old));
    Wanted itself = owners.get(old);
    gone(to);
    gone(from);
    moving.forEach((path, wanted) -> owners.put(key(to) + path.substring(old.length()), wanted));
    if (itself != null) {
      owners.put(key(to), itself);
    }
    changed();
  }

  private Map<String, Wanted> below(String directory) {
    return owners.subMap(directory + '/', directory + (char) ('/' + 1));
  }

  private void changed() {
    synchronized (this) {
      if (saving || pace == null) {
        return;
      }
      saving = true;
    }
    pace.schedule(SAVING, this::save);
  }

  /** Has the store keep now what it was to keep soon. */
  void flush() {
    boolean pending;
    synchronized (this) {
      pending = saving;
    }
    if (pending) {
      save();
    }
  }

  private void save() {
    synchronized (this) {
      saving = false;
    }
    store.keep(Map.copyOf(owners));
  }
}
