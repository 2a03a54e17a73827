package dev.mooring.mount;

import dev.mooring.fs.remote.RememberedOwners;
import dev.mooring.fs.remote.RememberedOwners.Wanted;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the owners of {@code chown=remember} in a file: a line for each path with user and group,
 * {@code -} where the server's counts. Replaced as a whole; what cannot be read is left out.
 */
final class OwnersFile implements RememberedOwners.Store {
  private static final Logger log = LoggerFactory.getLogger(OwnersFile.class);
  private static final String SERVERS = "-";
  private static final int FIELDS = 3;

  private final Path file;

  OwnersFile(Path file) {
    this.file = file;
  }

  /** What is kept; nothing where there is no file. */
  Map<String, Wanted> load() {
    Map<String, Wanted> kept = new HashMap<>();
    if (!Files.exists(file)) {
      return kept;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.split(" ", -1);
        if (fields.length == FIELDS) {
          kept.put(
              URLDecoder.decode(fields[2], StandardCharsets.ISO_8859_1),
              new Wanted(id(fields[0]), id(fields[1])));
        }
      }
    } catch (IOException | NumberFormatException e) {
      log.warn("the owners remembered in {} cannot be read: {}", file, e.toString());
    }
    return kept;
  }

  private static @Nullable Integer id(String field) {
    return field.equals(SERVERS) ? null : Integer.valueOf(Integer.parseUnsignedInt(field));
  }

  private static String field(@Nullable Integer id) {
    return id == null ? SERVERS : Integer.toUnsignedString(id);
  }

  @Override
  public synchronized void keep(Map<String, Wanted> all) {
    List<String> lines = new ArrayList<>();
    all.forEach((path, wanted) ->
        lines.add(
            field(wanted.uid())
                + " "
                + field(wanted.gid())
                + " "
                + URLEncoder.encode(path, StandardCharsets.ISO_8859_1)));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path next = file.resolveSibling(file.getFileName() + ".new");
      Files.write(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log.warn("owners are not remembered: {} cannot be written: {}", file, e.toString());
    }
  }
}
