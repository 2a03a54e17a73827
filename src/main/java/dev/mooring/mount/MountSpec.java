package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshTarget;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a mount needs to know, as the options said it. Holds secrets, which print as
 * {@code ***}.
 *
 * @param subsystem what serves SFTP: a subsystem's name, or with a {@code /} in it a command
 * @param checkDirectory whether {@code remote}'s root must be there when the mount is made
 * @param remote what is shown and how; a relative root begins at the login directory
 * @param ownersFile where refused owners are remembered; null if they are not to be
 * @param warnings a sentence each for the person who gave the options; shown, never acted upon
 */
public record MountSpec(
    SshTarget target,
    Credentials credentials,
    HostKeyPolicy hostKeys,
    ConnectionSettings connection,
    String subsystem,
    boolean checkDirectory,
    RemoteSettings remote,
    FuseOptions fuse,
    BindingChoice binding,
    @Nullable Path ownersFile,
    List<String> warnings) {

  /** The subsystem that every SSH server calls by this name. */
  public static final String SFTP = "sftp";

  public MountSpec {
    warnings = List.copyOf(warnings);
  }
}
