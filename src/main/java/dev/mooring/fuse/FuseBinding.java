package dev.mooring.fuse;

import dev.mooring.fs.FileSystem;
import java.io.IOException;
import java.nio.file.Path;

/** A way to serve file systems through FUSE. Thread-safe. */
public interface FuseBinding {
  /**
   * Mounts and begins to serve; returns when the mount answers. The file system stays the caller's,
   * who closes it after the session has ended.
   *
   * @throws IOException with a line for a person: what is missing and what to do
   */
  FuseSession mount(FileSystem fileSystem, Path mountPoint, FuseOptions options) throws IOException;
}
