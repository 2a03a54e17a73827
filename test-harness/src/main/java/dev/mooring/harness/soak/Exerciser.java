package dev.mooring.harness.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * As fsx does: reads, writes, truncates, maps, syncs and closes one file at random, and knows at
 * every moment what must be in it. After each fsync the server's own file is looked at.
 *
 * <p>A process of its own: while a thread waits for a page of a map, its JVM cannot stop all
 * threads, and soon waits as a whole; the relay that the page comes through must not be in it.
 */
public final class Exerciser {
  private static final int MAX_SIZE = 512 * 1024;
  private static final int MAX_LENGTH = 48 * 1024;
  private static final int OPERATIONS = 200;

  private final Path file;
  private final Path onServer;
  private final SplittableRandom random;
  private byte[] expected = new byte[0];

  private Exerciser(Path file, Path onServer, long seed) {
    this.file = file;
    this.onServer = onServer;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Exercises one file once.
   *
   * @param arguments its path through the mount, the same on the server, and the seed
   */
  public static void main(String[] arguments) throws IOException {
    new Exerciser(Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[2])).run();
  }

  /** What a JVM of its own is started with for one pass. */
  static String[] command(Path file, Path onServer, long seed) {
    return new String[] {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      System.getProperty("java.class.path"),
      Exerciser.class.getName(),
      file.toString(),
      onServer.toString(),
      Long.toString(seed)
    };
  }

  private void run() throws IOException {
    FileChannel channel = open(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    try {
      for (int i = 0; i < OPERATIONS; i++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> write(channel);
          case 3, 4 -> read(channel);
          case 5 -> writeMapped(channel);
          case 6 -> readMapped(channel);
          case 7 -> truncate(channel);
          case 8 -> sync(channel);
          default -> {
            channel.close();
            compare("on the server after close", Files.readAllBytes(onServer), 0);
            channel = open();
          }
        }
      }
      sync(channel);
    } finally {
      channel.close();
    }
    Files.delete(file);
  }

  private FileChannel open(StandardOpenOption... more) throws IOException {
    StandardOpenOption[] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = StandardOpenOption.READ;
    all[more.length + 1] = StandardOpenOption.WRITE;
    return FileChannel.open(file, all);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[1 + random.nextInt(MAX_LENGTH)];
    random.nextBytes(bytes);
    return bytes;
  }

  private void write(FileChannel channel) throws IOException {
    byte[] bytes = bytes();
    int offset = random.nextInt(MAX_SIZE - bytes.length);
    int end = offset + bytes.length;
    if (end > expected.length) {
      expected = Arrays.copyOf(expected, end);
    }
    System.arraycopy(bytes, 0, expected, offset, bytes.length);
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left, offset + left.position());
    }
  }

  private void read(FileChannel channel) throws IOException {
    int offset = random.nextInt(MAX_SIZE);
    ByteBuffer found = ByteBuffer.allocate(1 + random.nextInt(MAX_LENGTH));
    int count = 0;
    while (found.hasRemaining() && count >= 0) {
      count = channel.read(found, offset + found.position());
    }
    byte[] bytes = Arrays.copyOf(found.array(), found.position());
    int wanted = Math.clamp(expected.length - offset, 0, found.capacity());
    if (bytes.length != wanted) {
      throw new IllegalStateException(
          "%d bytes read at %d of %d".formatted(bytes.length, offset, expected.length));
    }
    compare("read", bytes, offset);
  }

  private void writeMapped(FileChannel channel) throws IOException {
    byte[] bytes = bytes();
    if (expected.length > bytes.length) {
      int offset = random.nextInt(expected.length - bytes.length);
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, offset, bytes.length);
      map.put(0, bytes);
      map.force();
      System.arraycopy(bytes, 0, expected, offset, bytes.length);
    }
  }

  private void readMapped(FileChannel channel) throws IOException {
    int length = 1 + random.nextInt(MAX_LENGTH);
    if (expected.length > length) {
      int offset = random.nextInt(expected.length - length);
      byte[] bytes = new byte[length];
      channel.map(FileChannel.MapMode.READ_ONLY, offset, length).get(0, bytes);
      compare("read from the map", bytes, offset);
    }
  }

  private void truncate(FileChannel channel) throws IOException {
    int size = random.nextInt(MAX_SIZE);
    if (size < expected.length) {
      channel.truncate(size);
      expected = Arrays.copyOf(expected, size);
    }
  }

  private void sync(FileChannel channel) throws IOException {
    channel.force(true);
    byte[] there = Files.readAllBytes(onServer);
    if (there.length != expected.length) {
      throw new IllegalStateException(
          "%d bytes on the server after fsync, not %d".formatted(there.length, expected.length));
    }
    compare("on the server after fsync", there, 0);
  }

  private void compare(String what, byte[] found, int offset) {
    if (found.length == 0) {
      return;
    }
    int at = Arrays.mismatch(found, 0, found.length, expected, offset, offset + found.length);
    if (at >= 0) {
      throw new IllegalStateException(
          "%s: byte %d is wrong in %s".formatted(what, offset + at, file));
    }
  }
}
