package dev.mooring.mount;

import java.io.IOException;

/** The options of a mount as they are now: what they name may change while it lives. */
@FunctionalInterface
public interface SpecSource {
  /**
   * Reads them anew; asks no server.
   *
   * @throws IOException with what is wrong with them by now
   */
  MountSpec read() throws IOException;
}
