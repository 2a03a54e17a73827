package dev.mooring.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state as a JSON file of mode 0600 beside the generation before it.
 *
 * <p>A save writes a new file, forces it to the disk, puts the present one in the place of the one
 * before, and renames the new one to its name; whenever the power goes, one of the two generations
 * is whole. A file that could not be read is never kept as the generation before, but put aside.
 */
public final class JsonStateStore implements StateStore {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path directory;
  private final Path newest;
  private final Path before;
  private final Path next;
  private final Path damaged;
  private boolean newestIsGood;

  /** In a directory, which is made with mode 0700 at the first save if need be. */
  public JsonStateStore(Path directory) {
    this.directory = directory;
    newest = directory.resolve("state.json");
    before = directory.resolve("state.json.previous");
    next = directory.resolve("state.json.next");
    damaged = directory.resolve("state.json.damaged");
  }

  @Override
  public Loaded load() {
    try {
      StoredState state = read(newest);
      newestIsGood = true;
      return new Loaded.Found(state, null);
    } catch (NoSuchFileException e) {
      return loadBefore(null);
    } catch (IOException e) {
      return loadBefore(newest + " cannot be read (" + reason(e) + ")");
    }
  }

  /**
   * The generation before.
   *
   * @param problem with the newest; null when there is none, as after a power cut between the two
   *     renames of a save, which nobody has been told of
   */
  private Loaded loadBefore(@Nullable String problem) {
    try {
      StoredState state = read(before);
      return new Loaded.Found(state, problem == null ? null : problem + ": went back to " + before);
    } catch (NoSuchFileException e) {
      return problem == null
          ? new Loaded.Found(null, null)
          : new Loaded.Unreadable(problem + " and there is no " + before);
    } catch (IOException e) {
      return new Loaded.Unreadable(
          (problem == null ? "there is no " + newest : problem)
              + " and "
              + before
              + " cannot be read ("
              + reason(e)
              + ")");
    }
  }

  private static StoredState read(Path file) throws IOException {
    StoredState state = MAPPER.readValue(Files.readAllBytes(file), StoredState.class);
    if (state == null) {
      throw new IOException("it is empty");
    }
    if (state.version() != StoredState.VERSION) {
      throw new IOException(
          "it has version " + state.version() + ", this program knows " + StoredState.VERSION);
    }
    return state;
  }

  /** Without the file's text, in which there may be secrets. */
  private static String reason(IOException e) {
    return e instanceof JsonProcessingException json
        ? "it is no state in JSON, line " + json.getLocation().getLineNr()
        : String.valueOf(e.getMessage());
  }

  @Override
  public void save(StoredState state) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    write(next, MAPPER.writeValueAsBytes(state));
    if (Files.exists(newest)) {
      Files.move(newest, newestIsGood ? before : damaged, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(next, newest, StandardCopyOption.ATOMIC_MOVE);
    newestIsGood = true;
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private static void write(Path file, byte[] text) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap(text);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }
}
