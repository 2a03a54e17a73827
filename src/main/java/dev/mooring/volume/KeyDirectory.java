package dev.mooring.volume;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory with private keys, known_hosts and password files. People name files as they are on
 * the host, but inside the plugin only this directory is to be seen: so a file is also found by its
 * last name.
 *
 * @param directory need not exist
 * @param elsewhere whether files outside the directory may be named
 */
record KeyDirectory(Path directory, boolean elsewhere) {
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

  /** A private key. */
  Path key(String named) throws InvalidValue {
    Path file = file(named);
    if (file.toString().endsWith(".pub")) {
      throw new InvalidValue(
          "names a public key, " + named + "; give the private one, without .pub");
    }
    return file;
  }

  /** The first line of a file that holds a secret. */
  String secret(String named) throws InvalidValue {
    Path file = file(named);
    try {
      if (Files.size(file) > MAX_SECRET_BYTES) {
        throw new InvalidValue("names " + file + ", which is too long for a password");
      }
      String line = Files.readString(file).lines().findFirst().orElse("");
      if (line.isEmpty()) {
        throw new InvalidValue("names " + file + ", whose first line is empty");
      }
      return line;
    } catch (MalformedInputException e) {
      throw new InvalidValue("names " + file + ", which is not text in UTF-8");
    } catch (IOException e) {
      throw new InvalidValue("names " + file + ", which cannot be read: " + e.getMessage());
    }
  }

  /** A file that exists. */
  Path file(String named) throws InvalidValue {
    try {
      for (Path candidate : candidates(named)) {
        if (Files.isRegularFile(candidate)) {
          return candidate;
        }
      }
    } catch (InvalidPathException e) {
      throw new InvalidValue("is not a path");
    }
    throw new InvalidValue("names " + named + ", which is not there; " + contents());
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
      throw new InvalidValue("is not a path");
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

  private String contents() {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names =
          files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).sorted().toList();
      return names.isEmpty()
          ? directory + " is empty"
          : directory + " has " + names.stream().limit(LISTED).collect(Collectors.joining(", "));
    } catch (IOException e) {
      return "nor is the directory for keys, " + directory;
    }
  }
}
