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
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in the format of known_hosts: hashed names, patterns, {@code [host]:port},
 * {@code @revoked}. Lines of {@code @cert-authority} and lines that cannot be understood are passed
 * over.
 */
final class KnownHosts {
  private static final Logger log = LoggerFactory.getLogger(KnownHosts.class);

  /** Appending by connections of this process takes turns; the file lock is for other processes. */
  private static final ReentrantLock APPENDING = new ReentrantLock();

  private KnownHosts() {}

  /** A line that is about the host that was asked for. */
  record Line(Path file, int number, boolean revoked, String type, ByteBuffer key) {
    /** Whether it has this key. */
    boolean has(PublicKey candidate) {
      return key.equals(PublicKeys.encoded(candidate));
    }

    /** Where it stands. */
    String place() {
      return file + " line " + number;
    }
  }

  /** How known_hosts names the target: with brackets and port unless the port is 22. */
  static String nameOf(SshTarget target) {
    String host = target.host().toLowerCase(Locale.ROOT);
    return target.port() == 22 ? host : "[" + host + "]:" + target.port();
  }

  /** The lines of the files that are about the target; a missing file has none. */
  static List<Line> about(SshTarget target, List<Path> files) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        collect(target, file, Files.readString(file, StandardCharsets.UTF_8), lines);
      }
    }
    return lines;
  }

  /**
   * Appends the key, unless the file has one for the target by then. Makes the file with mode 0600
   * if need be.
   *
   * @return the lines about the target that were there already
   */
  static List<Line> remember(Path file, SshTarget target, PublicKey key) throws IOException {
    APPENDING.lock();
    try (FileChannel channel = openPrivate(file);
        var _ = channel.lock()) {
      String text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      List<Line> present = new ArrayList<>();
      collect(target, file, text, present);
      if (present.stream().allMatch(Line::revoked)) {
        String separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        String line =
            nameOf(target) + " " + PublicKeys.type(key) + " " + PublicKeys.base64(key) + "\n";
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

  private static void collect(SshTarget target, Path file, String text, List<Line> lines) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      KnownHostEntry entry = parse(file, number, line);
      if (entry == null || !isAbout(entry, target)) {
        continue;
      }
      boolean revoked = "revoked".equals(entry.getMarker());
      if (revoked || entry.getMarker() == null) {
        ByteBuffer key = ByteBuffer.wrap(entry.getKeyEntry().getKeyData());
        lines.add(new Line(file, number, revoked, entry.getKeyEntry().getKeyType(), key));
      }
    }
  }

  private static boolean isAbout(KnownHostEntry entry, SshTarget target) {
    return entry.isHostMatch(target.host().toLowerCase(Locale.ROOT), target.port());
  }

  private static @Nullable KnownHostEntry parse(Path file, int number, String line) {
    if (line.isBlank() || line.stripLeading().startsWith("#")) {
      return null;
    }
    try {
      return KnownHostEntry.parseKnownHostEntry(line);
    } catch (RuntimeException e) {
      log.warn("{} line {} is not understood and has no effect: {}", file, number, e.getMessage());
      return null;
    }
  }
}
