package dev.mooring.mount;

import dev.mooring.fs.Pace;
import dev.mooring.mount.MountState.Mounted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Putting one volume's mount up and taking it down, step by step; {@link VolumeMount} says when.
 */
final class MountWork {
  private static final Logger log = LoggerFactory.getLogger(MountWork.class);

  private final String name;
  private final MountPlace place;
  private final VolumeMount.Opening opening;
  private final Pace pace;

  /** What was mounted and is not closed: also what is out of sight and somebody still uses. */
  private final Set<LiveMount> open = ConcurrentHashMap.newKeySet();

  MountWork(String name, MountPlace place, VolumeMount.Opening opening, Pace pace) {
    this.name = name;
    this.place = place;
    this.opening = opening;
    this.pace = pace;
  }

  Path path() {
    return place.path();
  }

  /** Mounts at a private place and shows it to Docker; leaves nothing behind when it fails. */
  Mounted mount() throws MountFailure {
    try {
      Path staged = place.stage();
      return new Mounted(show(staged, open(staged)), staged);
    } catch (IOException | RuntimeException e) {
      throw asFailure(e);
    }
  }

  private LiveMount open(Path staged) throws MountFailure {
    try {
      LiveMount live = opening.open(staged);
      open.add(live);
      return live;
    } catch (MountFailure | RuntimeException e) {
      unstage(staged);
      throw e;
    }
  }

  private LiveMount show(Path staged, LiveMount live) throws IOException {
    try {
      place.show(staged);
      return live;
    } catch (IOException | RuntimeException e) {
      abort(new Mounted(live, staged));
      throw e;
    }
  }

  /** Whether anything is mounted where Docker looks, alive or dead. */
  boolean isCovered() {
    try {
      return place.isCovered();
    } catch (IOException e) {
      log.warn("what is mounted at {} is not known: {}", place.path(), e.getMessage());
      return false;
    }
  }

  /** Whether Docker sees this mount and nothing else. */
  boolean isShown(Mounted mounted) throws MountFailure {
    try {
      return place.shows(mounted.staged());
    } catch (IOException e) {
      throw asFailure(e);
    }
  }

  /**
   * Out of sight at once. What somebody still has open goes on until they let go; only then is it
   * closed, and the future done.
   */
  CompletableFuture<Void> unmount(Mounted mounted) {
    hide();
    unstage(mounted.staged());
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Runnable close =
        () -> {
          close(mounted.live());
          closed.complete(null);
        };
    mounted.live().ended().thenRun(() -> pace.execute(close));
    return closed;
  }

  /** Out of sight and closed, whoever uses it; what is dirty is written first. */
  void abort(Mounted mounted) {
    hide();
    close(mounted.live());
    unstage(mounted.staged());
  }

  private void close(LiveMount live) {
    live.close();
    open.remove(live);
  }

  /** Whether everything that was ever mounted is closed. */
  boolean isAllClosed() {
    return open.isEmpty();
  }

  /** Closes all that is not closed yet, at once and whoever uses it. */
  CompletableFuture<Void> closeAll() {
    return CompletableFuture.allOf(
        open.stream()
            .map(live -> CompletableFuture.runAsync(() -> close(live), pace))
            .toArray(CompletableFuture[]::new));
  }

  /** Takes away what Docker sees, and then the empty mount point. */
  void hide() {
    try {
      place.hide();
    } catch (IOException e) {
      log.warn("taking {} away from {}: {}", name, place.path(), e.getMessage());
    }
  }

  private void unstage(Path staged) {
    try {
      place.unstage(staged);
    } catch (IOException e) {
      log.warn("taking {} away from {}: {}", name, staged, e.getMessage());
    }
  }

  /** The failure in the words of one; what nobody foresaw is logged with its trace. */
  MountFailure asFailure(Throwable cause) {
    if (cause instanceof MountFailure failure) {
      return failure;
    }
    if (!(cause instanceof IOException)) {
      log.error("mounting {} failed unexpectedly", name, cause);
    }
    return new MountFailure.Mounting(
        MountTrouble.UNFORESEEN, name, cause, String.valueOf(cause.getMessage()));
  }
}
