package dev.mooring.sftp;

import dev.mooring.ssh.SubsystemChannel;
import java.io.IOException;

/**
 * Opens channels to the SFTP subsystem, connecting first if need be. As text it is the server, as
 * people call it.
 */
@FunctionalInterface
public interface ChannelSource {
  /**
   * Opens one, not yet started. May wait; called on threads of {@code Pace.execute}, by a session
   * one at a time.
   *
   * @throws IOException with everything that a person needs to mend it, mostly {@link
   *     dev.mooring.ssh.SshFailure}
   */
  SubsystemChannel open() throws IOException;

  /**
   * Opens one more beside the last one, on the same connection, for what can be done without; may
   * be called while {@link #open} is.
   *
   * @throws IOException where the server or the connection has no room for it
   */
  default SubsystemChannel openBeside() throws IOException {
    return open();
  }
}
