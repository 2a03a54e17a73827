package dev.mooring.mount;

import java.nio.file.Path;

/** Makes mounts. Thread-safe. */
@FunctionalInterface
public interface Mounter {
  /**
   * Mounts what never changes; otherwise as the other.
   *
   * @throws MountFailure as the other
   */
  default LiveMount mount(MountSpec spec, Path mountPoint) throws MountFailure {
    return mount(spec, () -> spec, mountPoint);
  }

  /**
   * Connects, checks the remote directory and mounts it; returns when the mount answers. Waits, so
   * it must be called on a thread that may; what it had opened is closed again when it fails.
   *
   * @param again asked whenever a lost connection is made anew: keys, passwords and ways to the
   *     server then are as it says
   * @param mountPoint an existing directory
   * @throws MountFailure with one line for the person who has to mend it
   */
  LiveMount mount(MountSpec spec, SpecSource again, Path mountPoint) throws MountFailure;
}
