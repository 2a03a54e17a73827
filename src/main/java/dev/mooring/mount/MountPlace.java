package dev.mooring.mount;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where one volume is shown to Docker. A mount is made at a private place first and then bound to
 * the public one, which works over a dead mount too and keeps a mount that is half made out of
 * sight. Nothing here touches what is mounted, so nothing hangs with it.
 */
public interface MountPlace {
  /** What Docker is told. */
  Path path();

  /**
   * Makes ready for a mount: makes a new private directory to mount at. What is mounted at {@link
   * #path} stays: running containers may have it, and see only what is mounted on top of it.
   *
   * @throws MountFailure when a mount here could never reach a container
   */
  Path stage() throws IOException;

  /** Whether anything is mounted at {@link #path}, alive or dead. */
  boolean isCovered() throws IOException;

  /**
   * Shows what is mounted at the private directory, and returns when the kernel's table confirms
   * it.
   */
  void show(Path staged) throws IOException;

  /**
   * Whether {@link #path} shows what is mounted at the private directory, and not something else.
   */
  boolean shows(Path staged) throws IOException;

  /**
   * Takes everything away that {@link #path} shows, and then the directory itself if it is empty.
   */
  void hide() throws IOException;

  /** Takes the mount away from the private directory, and then the directory itself. */
  void unstage(Path staged) throws IOException;
}
