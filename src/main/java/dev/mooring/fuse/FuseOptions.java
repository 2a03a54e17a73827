package dev.mooring.fuse;

import java.time.Duration;

/**
 * How a mount is made.
 *
 * @param source what mount(8) and df(1) show as the device
 * @param readOnly MS_RDONLY
 * @param noExec MS_NOEXEC
 * @param noAccessTime MS_NOATIME
 * @param allowOther other users than the one that mounts may use it
 * @param defaultPermissions the kernel checks permission bits itself
 * @param directIo no page cache for any file
 * @param requestTimeout how long one request of the kernel may take: the deadline of its caller
 */
public record FuseOptions(
    String source,
    boolean readOnly,
    boolean noExec,
    boolean noAccessTime,
    boolean allowOther,
    boolean defaultPermissions,
    boolean directIo,
    Duration requestTimeout) {

  /** The file-system type that the kernel shows: {@code fuse.sshfs}, which df and updatedb know. */
  public static final String SUBTYPE = "sshfs";

  /** Longer than any machine runs. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  /** Readable and writable for everybody, 30 s for a request. */
  public static FuseOptions of(String source) {
    return new FuseOptions(source, false, false, false, true, false, false, Duration.ofSeconds(30));
  }

  /** The same where a request may take as long as it wants. */
  public FuseOptions waitingForEver() {
    return new FuseOptions(
        source, readOnly, noExec, noAccessTime, allowOther, defaultPermissions, directIo, FOR_EVER);
  }
}
