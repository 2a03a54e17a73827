package dev.mooring.mount;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a mount begins.
 *
 * @param checkDirectory whether the directory must be there
 * @param create what is made where it is not there; null for nothing
 * @param delayed whether the mount is made before the server is asked anything
 * @param patience for how long a server that is not there yet is tried again
 * @param probe whether Docker's Create asks the server already
 */
public record Start(
    boolean checkDirectory,
    @Nullable NewDirectory create,
    boolean delayed,
    Duration patience,
    boolean probe) {
  /** The directory must be there, and the server too. */
  public static final Start DEFAULT = new Start(true, null, false, Duration.ZERO, false);

  /**
   * A directory to be made, with those on the way to it.
   *
   * @param mode its permission bits
   * @param uid its owner; null for the user who logs in
   * @param gid likewise
   */
  public record NewDirectory(int mode, @Nullable Integer uid, @Nullable Integer gid) {}
}
