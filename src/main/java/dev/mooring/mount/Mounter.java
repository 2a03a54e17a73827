package dev.mooring.mount;

import java.nio.file.Path;

/** Makes mounts. Thread-safe. */
@FunctionalInterface
public interface Mounter {
  /**
   * Connects, checks the remote directory and mounts it; returns when the mount answers. Waits, so
   * it must be called on a thread that may; what it had opened is closed again when it fails.
   *
   * @param mountPoint an existing directory
   * @throws MountFailure with one line for the person who has to mend it
   */
  LiveMount mount(MountSpec spec, Path mountPoint) throws MountFailure;
}
