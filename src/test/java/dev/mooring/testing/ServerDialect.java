package dev.mooring.testing;

import dev.mooring.sftp.Extension;
import java.util.EnumSet;
import java.util.Set;

/**
 * How an in-memory SFTP server differs from OpenSSH's.
 *
 * @param extensions which it has
 * @param maxReadBytes where a longer READ is cut short
 * @param refusesAttributes SETSTAT and FSETSTAT are denied
 * @param readOnly every change is denied, as {@code sftp-server -R} does
 * @param outOfOrder of two replies the later goes first
 * @param failsToClose CLOSE of a file fails, as on a full network disk behind the server
 * @param umask taken out of the mode of what is made
 */
public record ServerDialect(
    Set<Extension> extensions,
    int maxReadBytes,
    boolean refusesAttributes,
    boolean readOnly,
    boolean outOfOrder,
    boolean failsToClose,
    int umask) {

  /** As OpenSSH 9.2. */
  public static final ServerDialect OPENSSH =
      new ServerDialect(EnumSet.allOf(Extension.class), 261_120, false, false, false, false, 022);

  /** A server that has no extension and reads 32 KiB at a time. */
  public static final ServerDialect PLAIN =
      new ServerDialect(Set.of(), 32_768, false, false, false, false, 022);

  /** The same without one extension. */
  public ServerDialect without(Extension extension) {
    Set<Extension> others = EnumSet.copyOf(extensions);
    others.remove(extension);
    return new ServerDialect(
        others, maxReadBytes, refusesAttributes, readOnly, outOfOrder, failsToClose, umask);
  }

  /** The same, denying every change and announcing none that it would deny. */
  public ServerDialect denyingChanges() {
    Set<Extension> reading = EnumSet.copyOf(extensions);
    reading.removeAll(
        EnumSet.of(
            Extension.POSIX_RENAME,
            Extension.HARDLINK,
            Extension.FSYNC,
            Extension.LSETSTAT,
            Extension.COPY_DATA));
    return new ServerDialect(
        reading, maxReadBytes, refusesAttributes, true, outOfOrder, failsToClose, umask);
  }

  /** The same, denying SETSTAT and FSETSTAT. */
  public ServerDialect denyingAttributes() {
    return new ServerDialect(
        extensions, maxReadBytes, true, readOnly, outOfOrder, failsToClose, umask);
  }

  /** The same, with pairs of replies the wrong way round. */
  public ServerDialect outOfOrderReplies() {
    return new ServerDialect(
        extensions, maxReadBytes, refusesAttributes, readOnly, true, failsToClose, umask);
  }

  /** The same, failing to close files. */
  public ServerDialect failingToClose() {
    return new ServerDialect(
        extensions, maxReadBytes, refusesAttributes, readOnly, outOfOrder, true, umask);
  }
}
