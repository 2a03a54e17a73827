package dev.mooring.mount;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a mount is, for people. Text of the server is escaped.
 *
 * @param server {@code user@host:port}
 * @param serverVersion the server's version string
 * @param hostKeyFingerprint as ssh-keygen -l prints it
 * @param since when it was mounted
 * @param reconnects how often the connection was made anew
 * @param lastError the last thing that went wrong with the connection; null when nothing did
 */
public record MountStatus(
    String server,
    String serverVersion,
    String hostKeyFingerprint,
    Instant since,
    int reconnects,
    @Nullable String lastError) {}
