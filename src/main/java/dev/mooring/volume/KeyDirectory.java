package dev.mooring.volume;

import dev.mooring.ssh.HostPattern;
import dev.mooring.ssh.Secret;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory with private keys, known_hosts and password files. People name files as they are on
 * the host, but inside the plugin only this directory is to be seen: so a file is also found by its
 * last name.
 *
 * @param directory need not exist
 * @param agents the directory with agents' sockets
 * @param elsewhere whether files outside the directory may be named
 */
record KeyDirectory(Path directory, Path agents, boolean elsewhere) {
  private static final Set<PosixFilePermission> FOR_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final List<String> DEFAULT_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");
  private static final int MAX_SECRET_BYTES = 4096;
  private static final int LISTED = 20;

  /** The keys that are there under the names that ssh-keygen gives, in the order of preference. */
  List<Path> defaultKeys() {
    return DEFAULT_KEYS.stream().map(directory::resolve).filter(Files::isRegularFile).toList();
  }

  /** The known_hosts of the directory; it need not exist. */
  Path knownHosts() {
    return directory.resolve("known_hosts");
  }

  /** The ssh_config of the directory; it need not exist. */
  Path sshConfig() {
    return directory.resolve("config");
  }

  /** A private key. */
  Path key(String named) throws InvalidValue {
    Path file = file(named);
    if (file.toString().endsWith(".pub")) {
      throw new InvalidValue(OptionTrouble.PUBLIC_KEY, named, contents(directory));
    }
    return file;
  }

  /** What ssh would refuse about a private key, and we do not. */
  static Optional<String> warningAbout(Path key) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
      return Collections.disjoint(permissions, FOR_OTHERS)
          ? Optional.empty()
          : Optional.of(
              "others can read the key file "
                  + key
                  + " ("
                  + PosixFilePermissions.toString(permissions)
                  + "), which ssh would refuse; run chmod 600 on it");
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // Whoever reads the key says what is wrong with it.
    }
  }

  /** An agent's socket; in the plugin all are in one directory. */
  Path agent(String named) throws InvalidValue {
    try {
      Path socket = Path.of(named);
      if (elsewhere) {
        return socket.toAbsolutePath();
      }
      Path name = socket.getFileName();
      if (name == null || Files.isDirectory(agents.resolve(name.toString()))) {
        throw new InvalidValue(OptionTrouble.NO_SOCKET, contents(agents));
      }
      return agents.resolve(name.toString());
    } catch (InvalidPathException e) {
      throw new InvalidValue(OptionTrouble.NOT_A_PATH);
    }
  }

  /** The first line of a file that holds a secret; what it holds later counts for later logins. */
  Secret secret(String named) throws InvalidValue {
    Path file = file(named);
    String now = firstLine(file);
    return new Secret(
        now,
        () -> {
          try {
            return firstLine(file);
          } catch (InvalidValue e) {
            return now;
          }
        });
  }

  private static String firstLine(Path file) throws InvalidValue {
    try {
      if (Files.size(file) > MAX_SECRET_BYTES) {
        throw new InvalidValue(OptionTrouble.SECRET_TOO_LONG, file);
      }
      String line = Files.readString(file).lines().findFirst().orElse("");
      if (line.isEmpty()) {
        throw new InvalidValue(OptionTrouble.SECRET_EMPTY, file);
      }
      return line;
    } catch (MalformedInputException e) {
      throw new InvalidValue(OptionTrouble.SECRET_NOT_TEXT, file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** A file that exists. */
  Path file(String named) throws InvalidValue {
    try {
      for (Path candidate : candidates(named)) {
        if (Files.isRegularFile(candidate)) {
          return contained(named, candidate);
        }
      }
    } catch (InvalidPathException e) {
      throw new InvalidValue(OptionTrouble.NOT_A_PATH);
    }
    throw new InvalidValue(OptionTrouble.FILE_MISSING, named, contents(directory));
  }

  /**
   * The files that an Include of ssh_config names, by name; a pattern may stand for the last part
   * of the path. What is not there is not included.
   */
  List<Path> included(String pattern) throws InvalidValue {
    String path = pattern.startsWith("~/") ? pattern.substring(2) : pattern;
    String ssh = ".ssh/";
    String below = path.startsWith(ssh) ? path.substring(ssh.length()) : path;
    try {
      Path whole = directory.resolve(below).normalize();
      Path name = whole.getFileName();
      Path parent = whole.getParent();
      if (name == null || parent == null) {
        return List.of();
      }
      if (!elsewhere && !whole.startsWith(directory.normalize())) {
        throw new InvalidValue(OptionTrouble.INCLUDE_OUTSIDE, pattern);
      }
      if (!Files.isDirectory(parent)) {
        return List.of();
      }
      List<Path> files = new ArrayList<>();
      try (Stream<Path> entries = Files.list(parent)) {
        for (Path entry : entries.filter(Files::isRegularFile).sorted().toList()) {
          if (HostPattern.matches(name.toString(), entry.getFileName().toString())) {
            files.add(contained(pattern, entry));
          }
        }
      }
      return files;
    } catch (InvalidPathException e) {
      throw new InvalidValue(OptionTrouble.NOT_A_PATH);
    } catch (IOException e) {
      throw unreadable(pattern, e);
    }
  }

  /** A file that need not exist; where it is not there, what would be asked for next time. */
  Path fileIfAny(String named) throws InvalidValue {
    try {
      List<Path> candidates = candidates(named);
      return candidates.stream()
          .filter(Files::isRegularFile)
          .findFirst()
          .orElse(candidates.getFirst());
    } catch (InvalidPathException e) {
      throw new InvalidValue(OptionTrouble.NOT_A_PATH);
    }
  }

  private List<Path> candidates(String named) {
    List<Path> candidates = new ArrayList<>();
    String path = named.startsWith("~/") ? named.substring(2) : named;
    if (elsewhere && !named.startsWith("~/")) {
      candidates.add(Path.of(named).toAbsolutePath());
    }
    Path inside = directory.resolve(path).normalize();
    if (inside.startsWith(directory.normalize())) {
      candidates.add(inside);
    }
    candidates.add(directory.resolve(path.substring(path.lastIndexOf('/') + 1)).normalize());
    return candidates;
  }

  /** A link must not lead to what lies elsewhere on the host. */
  private Path contained(String named, Path file) throws InvalidValue {
    try {
      if (elsewhere || file.toRealPath().startsWith(directory.toRealPath())) {
        return file;
      }
    } catch (IOException e) {
      throw unreadable(named, e);
    }
    throw new InvalidValue(OptionTrouble.LINK_OUTSIDE, named);
  }

  /** A file that is there and cannot be read. */
  static InvalidValue unreadable(Object file, IOException cause) {
    return new InvalidValue(
        OptionTrouble.FILE_UNREADABLE, file, String.valueOf(cause.getMessage()));
  }

  private static String contents(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names =
          files
              .filter(file -> !Files.isDirectory(file))
              .map(file -> file.getFileName().toString())
              .sorted()
              .toList();
      return names.isEmpty()
          ? directory + " is empty"
          : directory
              + " has "
              + names.stream().limit(LISTED).collect(Collectors.joining(", "))
              + (names.size() > LISTED ? ", ..." : "");
    } catch (IOException e) {
      return "nor is the directory, " + directory;
    }
  }
}
