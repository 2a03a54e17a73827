package dev.mooring.mount;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Where a volume is in its life. Replaced as a whole, so that it can be read without a lock. */
public sealed interface MountState {
  /** One word for people. */
  default String word() {
    return switch (this) {
      case Unmounted _ -> "unmounted";
      case Mounting _ -> "mounting";
      case Mounted _ -> "mounted";
      case Unmounting _ -> "unmounting";
      case Failed _ -> "failed";
    };
  }

  /** Nothing is mounted, and nothing went wrong. */
  record Unmounted() implements MountState {}

  /**
   * Being mounted. Whoever wants the volume meanwhile waits for the same outcome.
   *
   * @param outcome done when the next state is there; fails with {@link MountFailure}
   */
  record Mounting(CompletableFuture<Void> outcome) implements MountState {}

  /**
   * Mounted and shown to Docker.
   *
   * @param staged where it is mounted privately
   */
  record Mounted(LiveMount live, Path staged) implements MountState {}

  /**
   * Not shown any more; its last bytes are on their way.
   *
   * @param done done, always normally, when the next state is there
   */
  record Unmounting(CompletableFuture<Void> done) implements MountState {}

  /** The last attempt failed, or the mount ended by itself. The next Mount tries anew. */
  record Failed(MountFailure failure, Instant at) implements MountState {}
}
