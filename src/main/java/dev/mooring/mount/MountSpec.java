package dev.mooring.mount;

import dev.mooring.fs.remote.RemoteSettings;
import dev.mooring.fuse.FuseOptions;
import dev.mooring.ssh.ConnectionSettings;
import dev.mooring.ssh.Credentials;
import dev.mooring.ssh.HostKeyPolicy;
import dev.mooring.ssh.SshTarget;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a mount needs to know, as the options said it. Holds secrets, which print as
 * {@code ***}.
 *
 * @param subsystem what serves SFTP: a subsystem's name, or with a {@code /} in it a command
 * @param remote what is shown and how; a relative root begins at the login directory
 * @param ownersFile where refused owners are remembered; null if they are not to be
 * @param logged whether each call of the kernel is a line in the log
 * @param said the options that count, for people: secrets are {@code ***}
 * @param warnings a sentence each for the person who gave the options; shown, never acted upon
 */
public record MountSpec(
    SshTarget target,
    Credentials credentials,
    HostKeyPolicy hostKeys,
    ConnectionSettings connection,
    String subsystem,
    Start start,
    RemoteSettings remote,
    FuseOptions fuse,
    BindingChoice binding,
    @Nullable Path ownersFile,
    boolean logged,
    Map<String, String> said,
    List<String> warnings) {

  /** The subsystem that every SSH server calls by this name. */
  public static final String SFTP = "sftp";

  public MountSpec {
    said = Collections.unmodifiableMap(new TreeMap<>(said));
    warnings = List.copyOf(warnings);
  }

  /** The directory on the server, for people. */
  public String directory() {
    return remote.root().toString();
  }
}
