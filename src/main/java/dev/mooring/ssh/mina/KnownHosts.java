package dev.mooring.ssh.mina;

import dev.mooring.ssh.SshTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in the format of known_hosts: hashed names, patterns, {@code [host]:port},
 * {@code @cert-authority} and {@code @revoked}. Lines that cannot be understood are passed over.
 */
final class KnownHosts {
  private static final Logger log = LoggerFactory.getLogger(KnownHosts.class);

  /** Appending by connections of this process takes turns; the file lock is for other processes. */
  private static final ReentrantLock APPENDING = new ReentrantLock();

  private KnownHosts() {}

  /** How known_hosts names the target: with brackets and port unless the port is 22. */
  static String nameOf(SshTarget target) {
    String host = target.host().toLowerCase(Locale.ROOT);
    return target.port() == 22 ? host : "[" + host + "]:" + target.port();
  }

  /**
   * The lines of the files that are about a host; a missing file has none.
   *
   * @param name as {@link #nameOf} has it, or an alias
   */
  static List<KnownHostsLine> about(String name, List<Path> files) throws IOException {
    List<KnownHostsLine> lines = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        collect(name, file, read(file), lines);
      }
    }
    return lines;
  }

  /**
   * Appends the key, unless the file has one for the host by then. Makes the file with mode 0600 if
   * need be.
   *
   * @return the lines about the host that were there already
   */
  static List<KnownHostsLine> remember(Path file, String name, PublicKey key) throws IOException {
    APPENDING.lock();
    try (FileChannel channel = openPrivate(file);
        var _ = channel.lock()) {
      String text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
      List<KnownHostsLine> present = new ArrayList<>();
      collect(name, file, text, present);
      if (present.stream().noneMatch(KnownHostsLine::plain)) {
        String separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        String line = name + " " + PublicKeys.type(key) + " " + PublicKeys.base64(key) + "\n";
        channel.position(channel.size());
        // In one write, so that a reader never sees half a line.
        channel.write(ByteBuffer.wrap((separator + line).getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
      }
      return present;
    } finally {
      APPENDING.unlock();
    }
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel openPrivate(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void collect(String name, Path file, String text, List<KnownHostsLine> lines) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      try {
        KnownHostsLine parsed = KnownHostsLine.parse(file, number, line);
        if (parsed.isAbout(name)) {
          lines.add(parsed);
        }
      } catch (IllegalArgumentException e) {
        log.warn("{} line {} has no effect: {}", file, number, e.getMessage());
      }
    }
  }
}
