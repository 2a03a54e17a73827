package dev.mooring.volume;

import dev.mooring.mount.CallerIds;
import dev.mooring.mount.LiveMount;
import dev.mooring.mount.MountFailure;
import dev.mooring.mount.MountSpec;
import dev.mooring.mount.MountTrouble;
import dev.mooring.mount.Mounter;
import dev.mooring.mount.VolumeMount;
import dev.mooring.volume.StateStore.Loaded;
import dev.mooring.volume.StoredState.StoredVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes, as Docker's VolumeDriver protocol speaks of them. What changes them is saved before
 * it is answered; {@link #get} and {@link #list} answer from memory.
 *
 * <p>Thread-safe. dockerd takes turns for Create and Remove of one name; all other calls come as
 * they come.
 *
 * <p>While the saved state cannot be read, nothing is changed or mounted, and every volume is said
 * to exist: dockerd forgets a volume that it is told is not there.
 */
public final class VolumeRegistry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VolumeRegistry.class);

  /** dockerd kills a plugin ten seconds after it asked it to end. */
  private static final Duration STOPPING = Duration.ofSeconds(8);

  private final OptionReader reader;
  private final Mounter mounter;
  private final Probe probe;
  private final Mounts mounts;
  private final InstantSource clock;
  private final Identity identity;
  private final StateKeeper keeper;
  private final Map<String, Volume> volumes = new ConcurrentHashMap<>();

  /** Mounts of removed volumes, which somebody outside Docker may still use. */
  private final Set<VolumeMount> leftBehind = ConcurrentHashMap.newKeySet();

  /** Who had volumes mounted when this machine's plugin ended; empty once they are taken over. */
  private final Map<String, CallerIds> before = new ConcurrentHashMap<>();

  private final List<String> warnings;
  private final @Nullable String unreadable;

  /** Understands a volume's options. */
  @FunctionalInterface
  public interface OptionReader {
    /**
     * Reads them; asks no server.
     *
     * @throws IOException with all that is wrong with them, in one line
     */
    MountSpec read(Map<String, String> options) throws IOException;
  }

  /** Looks whether a volume could be mounted. */
  @FunctionalInterface
  public interface Probe {
    /** Asks the server, and says what is wrong. */
    void probe(MountSpec spec) throws MountFailure;
  }

  /** Makes the mounts of volumes that were just heard of. */
  @FunctionalInterface
  public interface Mounts {
    /**
     * A mount that is not mounted yet.
     *
     * @param directory a name that is safe in a path, for the mount point
     */
    VolumeMount of(String name, String directory, VolumeMount.Opening opening);
  }

  /**
   * Who we are.
   *
   * @param version of the program
   * @param bootId and
   * @param incarnation as in {@link StoredState}
   */
  public record Identity(String version, String bootId, String incarnation) {}

  /** Begins with what a store holds. */
  public VolumeRegistry(
      StateStore store,
      OptionReader reader,
      Mounter mounter,
      Probe probe,
      Mounts mounts,
      InstantSource clock,
      Identity identity) {
    this.reader = reader;
    this.mounter = mounter;
    this.probe = probe;
    this.mounts = mounts;
    this.clock = clock;
    this.identity = identity;
    keeper = new StateKeeper(store, this::present);
    switch (store.load()) {
      case Loaded.Found(var state, var warning) -> {
        unreadable = null;
        warnings = warning == null ? List.of() : List.of(warning);
        warnings.forEach(log::warn);
        if (state != null) {
          boolean sameBoot = state.bootId().equals(identity.bootId);
          state.volumes().forEach(stored -> restore(stored, sameBoot));
        }
      }
      case Loaded.Unreadable(var reason) -> {
        unreadable = reason;
        warnings = List.of();
        log.error("the volumes are not known, nothing will be mounted: {}", reason);
      }
    }
  }

  /**
   * Brings a volume back, also one whose options are not understood any more.
   *
   * @param sameBoot whether its callers may still be there
   */
  private void restore(StoredVolume stored, boolean sameBoot) {
    VolumeName name = new VolumeName(stored.name());
    Instant createdAt = Instant.parse(stored.createdAt());
    Volume.Notes noted;
    try {
      noted = Volume.Notes.of(reader.read(stored.options()));
    } catch (IOException e) {
      noted = new Volume.Notes(Map.of(), List.of(String.valueOf(e.getMessage())));
    }
    add(name, stored.options(), createdAt, noted);
    if (sameBoot) {
      before.put(stored.name(), new CallerIds(stored.callers()));
    }
  }

  /**
   * Takes over the mounts of a process that died, in the background: what running containers look
   * at is dead, and becomes alive by a mount on top of it.
   *
   * @return where dead mounts must therefore stay
   */
  public Set<Path> takeOver() {
    Set<Path> covered = new HashSet<>();
    for (var callers : before.entrySet()) {
      Volume volume = volumes.get(callers.getKey());
      if (volume != null && volume.mount().takeOver(callers.getValue())) {
        covered.add(volume.mount().path());
      }
    }
    before.clear();
    return covered;
  }

  private boolean add(
      VolumeName name, Map<String, String> options, Instant createdAt, Volume.Notes noted) {
    VolumeMount mount =
        mounts.of(name.value(), name.directory(), directory -> open(name, options, directory));
    Volume volume = new Volume(name, options, createdAt, noted, mount);
    return volumes.putIfAbsent(name.value(), volume) == null;
  }

  /** Reads the options anew, since keys and passwords that they name may have changed. */
  private LiveMount open(VolumeName name, Map<String, String> options, Path directory)
      throws MountFailure {
    MountSpec spec;
    try {
      spec = reader.read(options);
    } catch (IOException e) {
      throw new MountFailure.Mounting(
          MountTrouble.NOT_UNDERSTOOD, "volume " + name, e, String.valueOf(e.getMessage()));
    }
    return mounter.mount(spec, () -> reader.read(options), directory);
  }

  /**
   * Makes a volume known; a repetition changes nothing. Asks no server, unless the options say so.
   *
   * @throws IOException when the name or the options will not do, or a volume of this name has
   *     other options
   */
  public void create(String name, Map<String, String> options) throws IOException {
    mustBeReadable();
    VolumeName checked = new VolumeName(name);
    Volume existing = volumes.get(name);
    if (existing == null) {
      checked.check();
      MountSpec spec = reader.read(options);
      if (spec.start().probe()) {
        probe.probe(spec);
      }
      if (add(checked, options, clock.instant(), Volume.Notes.of(spec))) {
        saveOr(() -> volumes.remove(name));
        return;
      }
      existing = volumes.get(name);
    }
    if (existing != null && !existing.differences(options).isEmpty()) {
      throw new VolumeException(
          VolumeTrouble.OTHER_OPTIONS,
          null,
          checked,
          String.join(", ", existing.differences(options)));
    }
    keeper.save();
  }

  /**
   * Takes a volume down and forgets it; nothing is deleted but its empty mount point. One that is
   * not known is fine.
   */
  public void remove(String name) throws IOException {
    mustBeReadable();
    Volume volume = volumes.get(name);
    if (volume != null) {
      volume.mount().end();
      volumes.remove(name);
      leftBehind.add(volume.mount());
      leftBehind.removeIf(VolumeMount::isAtRest);
      saveOr(() -> volumes.put(name, volume));
    }
  }

  /**
   * Where a volume is to be seen from now on, until {@link #unmount} has been called as often with
   * this caller id. Waits for the server, within bounds.
   */
  public Path mount(String name, String callerId) throws IOException {
    mustBeReadable();
    Volume volume = volumes.get(name);
    if (volume == null) {
      throw unknown(name);
    }
    Path path = volume.mount().mount(callerId);
    saveOr(() -> volume.mount().unmount(callerId));
    return path;
  }

  /**
   * A caller is done with a volume. One that is not known is fine, and so is a state that cannot be
   * saved: a caller too many in it does no harm.
   */
  public void unmount(String name, String callerId) {
    Volume volume = volumes.get(name);
    if (volume != null) {
      volume.mount().unmount(callerId);
      try {
        keeper.save();
      } catch (IOException e) {
        log.warn("saving that {} is done with {}: {}", callerId, name, e.getMessage());
      }
    }
  }

  private void saveOr(Runnable takeBack) throws IOException {
    try {
      keeper.save();
    } catch (IOException e) {
      takeBack.run();
      throw new VolumeException(VolumeTrouble.STATE_NOT_SAVED, e, String.valueOf(e.getMessage()));
    }
  }

  /**
   * One volume as it is now.
   *
   * @throws VolumeException when there is none
   */
  public VolumeDescription get(String name) throws VolumeException {
    if (unreadable != null) {
      return new VolumeDescription(
          name,
          null,
          Instant.EPOCH,
          Map.of("state", "unknown", "warnings", List.of(unreadable), "version", identity.version));
    }
    Volume volume = volumes.get(name);
    if (volume == null) {
      throw unknown(name);
    }
    return volume.describe(warnings, identity.version);
  }

  /**
   * All volumes, by name.
   *
   * @throws VolumeException when they are not known: dockerd then shows those that it remembers
   */
  public List<VolumeDescription> list() throws VolumeException {
    mustBeReadable();
    return new TreeMap<>(volumes)
        .values().stream().map(volume -> volume.describe(warnings, identity.version)).toList();
  }

  /** How many volumes there are. */
  public int size() {
    return volumes.size();
  }

  private void mustBeReadable() throws VolumeException {
    if (unreadable != null) {
      throw new VolumeException(VolumeTrouble.STATE_UNREADABLE, null, unreadable);
    }
  }

  private static VolumeException unknown(String name) {
    return new VolumeException(VolumeTrouble.UNKNOWN, null, new VolumeName(name));
  }

  private StoredState present() {
    return new StoredState(
        StoredState.VERSION,
        identity.bootId,
        identity.incarnation,
        new TreeMap<>(volumes).values().stream().map(Volume::stored).toList());
  }

  /** Writes what is dirty and unmounts everything, all volumes at once; waits a bounded time. */
  @Override
  public void close() {
    CompletableFuture<?>[] stopped =
        Stream.concat(volumes.values().stream().map(Volume::mount), leftBehind.stream())
            .map(VolumeMount::stop)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(stopped).get(STOPPING.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.error("not everything was unmounted within {} s", STOPPING.toSeconds());
    } catch (InterruptedException | ExecutionException e) {
      log.error("unmounting: {}", String.valueOf(e));
    }
  }
}
